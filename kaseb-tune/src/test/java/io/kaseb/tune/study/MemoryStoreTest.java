package io.kaseb.tune.study;

class MemoryStoreTest extends StoreContract {
  @Override
  protected Store store() {
    return new MemoryStore();
  }

  @Override
  protected Store again(Store store) {
    return store;
  }
}
