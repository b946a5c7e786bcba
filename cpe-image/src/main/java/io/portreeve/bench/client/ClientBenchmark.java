package io.portreeve.bench.client;

import java.nio.file.Path;

/** What it costs to run the PCP client. Each figure stands beside the cost of less, measured in the same run. */
public final class ClientBenchmark {
    private ClientBenchmark() {}

    /**
     * {@return the figures, as a text}
     *
     * @param directory on the disk that is to be measured; what is made there stays
     */
    public static String run(ClientPlan plan, Path directory) throws Exception {
        return String.join(
                "\n",
                Renewing.measure(plan, directory).text(),
                Idling.measure(plan, directory).text(),
                Auditing.measure(plan.mappings(), directory).text());
    }
}
