package io.portreeve.igd.upnp;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jupnp.binding.xml.DescriptorBindingException;
import org.jupnp.binding.xml.UDA10DeviceDescriptorBinderImpl;
import org.jupnp.binding.xml.UDA10ServiceDescriptorBinderImpl;
import org.jupnp.model.Namespace;
import org.jupnp.model.XMLUtil;
import org.w3c.dom.Document;

/** What is to be read of one face: the device description and the service descriptions. UPnP Device Architecture 1.1 section 2. */
final class FaceDocuments {
    private static final int MAX_CONFIG_ID = 0xFF_FFFF;

    private final Map<String, Document> documents = new TreeMap<>();
    private final int configId;

    /** @param presentationPath the page of the gateway: Windows XP shows no gateway without one */
    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    FaceDocuments(FaceTree tree, Namespace paths, String descriptionPath, String presentationPath)
            throws DescriptorBindingException {
        var description = new UDA10DeviceDescriptorBinderImpl().buildDOM(tree.root(), null, paths);
        presentation(description, presentationPath);
        documents.put(descriptionPath, description);
        for (var service : tree.services()) {
            documents.put(
                    paths.getDescriptorPath(service).toString(),
                    new UDA10ServiceDescriptorBinderImpl().buildDOM(service));
        }
        configId = checksum();
    }

    /** Last in the device, where UPnP's template has it; jUPnP would write it before the services. */
    private static void presentation(Document description, String path) {
        var url = description.createElement("presentationURL");
        url.setTextContent(path);
        description.getElementsByTagName("device").item(0).appendChild(url);
    }

    private int checksum() {
        var sum = new CRC32();
        texts().values().forEach(xml -> sum.update(xml.getBytes(StandardCharsets.UTF_8)));
        return (int) sum.getValue() & MAX_CONFIG_ID;
    }

    /** {@return a number that is another one as soon as anything is described otherwise} Where it stands itself does not count. */
    int configId() {
        return configId;
    }

    /** Writes the number into the documents, as UPnP Device Architecture 1.1 wants it. */
    void nameConfiguration() {
        documents
                .values()
                .forEach(
                        document -> document.getDocumentElement().setAttribute("configId", Integer.toString(configId)));
    }

    /** {@return the documents, by path} */
    Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        documents.forEach((path, document) -> texts.put(path, text(document)));
        return texts;
    }

    private static String text(Document document) {
        try {
            return XMLUtil.documentToString(document);
        } catch (Exception e) { // as jUPnP declares it
            throw new IllegalStateException("the gateway's own description cannot be written", e);
        }
    }
}
