package io.kaseb.store;

import io.kaseb.tune.study.Store;
import io.kaseb.tune.study.StoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir private Path folder;
  private final List<Store> open = new ArrayList<>();

  @Override
  protected Store store() throws IOException {
    return SqliteStore.open(folder.resolve("experiment.db"));
  }

  @Override
  protected Store again(Store store) throws IOException {
    Store second = store();
    open.add(second);
    return second;
  }

  @AfterEach
  void close() {
    open.forEach(Store::close);
  }
}
