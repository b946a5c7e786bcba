package io.portreeve.server.cgn;

final class MockFilterTest extends FilterContract {
    private final CgnWorld world = new MockWorld();

    @Override
    CgnWorld world() {
        return world;
    }
}
