package io.portreeve.server.cgn;

final class DsLiteFilterTest extends FilterContract {
    private final CgnWorld world = new DsLiteWorld();

    @Override
    CgnWorld world() {
        return world;
    }
}
