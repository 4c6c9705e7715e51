package io.kaseb.serve;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.newitem.NewItem;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Keeps the items that were put over HTTP for the next start: a line that says what it is, then
/// one item a line, as they are put.
final class ItemsFile {
  private static final String HEADER = "{\"kaseb_items\":1}";

  private final Path file;

  /// @param state the server's state file, beside which it lies
  ItemsFile(Path state) {
    file = state.resolveSibling(state.getFileName() + ".items");
  }

  /// Reads the items; none where there is no file.
  ///
  /// @throws KasebException where it is not such a file
  Map<String, NewItem> read() throws IOException {
    if (Files.notExists(file)) {
      return Map.of();
    }
    try {
      String text = Files.readString(file);
      int end = text.indexOf('\n');
      if (end < 0 || !text.substring(0, end).equals(HEADER)) {
        throw foreign(new IllegalArgumentException("no items"));
      }
      String items = text.substring(end + 1);
      return items.isBlank()
          ? Map.of()
          : NewItems.byId(GivenItem.ofBody(items.getBytes(StandardCharsets.UTF_8)));
    } catch (Problem | java.nio.charset.CharacterCodingException e) {
      throw foreign(e);
    }
  }

  /// Writes the items, all or none.
  void write(List<NewItem> items) throws IOException {
    AtomicFiles.write(
        file,
        beside -> {
          try (BufferedWriter out = Files.newBufferedWriter(beside)) {
            out.write(HEADER + "\n");
            for (NewItem item : items) {
              out.write(new String(Reply.json(item), StandardCharsets.UTF_8) + "\n");
            }
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  private KasebException foreign(Exception e) {
    return new KasebException(
        new KasebException.Problem(
            file.toString(),
            null,
            "a file that the server keeps new items in, or one that is not there yet",
            "it stays as it is; move it away, or name another with "
                + KasebException.setting("state")),
        e);
  }
}
