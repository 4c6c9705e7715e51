package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signs that an order itself writes are named; honest ones are not.
class LeakCheckTest {
  @TempDir private Path folder = Path.of("");

  /// A log of 300 sessions: views, a cart in half of them, of which half buys. What the order
  /// writes stands before its row.
  private List<String> warnings(String leak) throws IOException {
    return warningsOf(log(leak));
  }

  private static List<String> log(String leak) {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>(List.of("visit,sku,at,what,page,total"));
    for (int s = 0; s < 300; s++) {
      long at = 1_700_000_000L + s * 1_000L;
      lines.add("s%d,i%d,%d,view,,".formatted(s, random.nextInt(20), at));
      lines.add("s%d,,%d,page,%s,".formatted(s, at + 1, random.nextBoolean() ? "help" : "home"));
      if (random.nextBoolean()) {
        lines.add("s%d,i1,%d,cart,,".formatted(s, at + 2));
        if (random.nextInt(8) == 0) {
          lines.add("s%d,i1,%d,remove,,".formatted(s, at + 3));
        } else if (random.nextBoolean()) {
          switch (leak) {
            case "page" -> lines.add("s%d,,%d,page,confirmed,".formatted(s, at + 4));
            case "total" -> lines.add("s%d,,%d,page,home,12.5".formatted(s, at + 4));
            case "action" -> lines.add("s%d,,%d,thanks,,".formatted(s, at + 4));
            case "emptied" -> {
              lines.add("s%d,i2,%d,cart,,".formatted(s, at + 4));
              lines.add("s%d,i1,%d,remove,,".formatted(s, at + 5));
              lines.add("s%d,i2,%d,remove,,".formatted(s, at + 5));
            }
            default -> {}
          }
          lines.add("s%d,i1,%d,purchase,,".formatted(s, at + 6));
        }
      }
    }
    return lines;
  }

  private List<String> warningsOf(List<String> lines) throws IOException {
    Path log = Files.write(folder.resolve("log.csv"), lines);
    Format format =
        Format.of("csv")
            .with(LogColumns.parse("session=visit,item=sku,time=at,type=what"))
            .withActions(io.kaseb.logfile.ActionWords.parse("thanks=thanks"))
            .withAttributes(LogAttribute.parse("page:category@event,total:number@event"));
    Path out = folder.resolve("out");
    Prepare.run(
        ClickSource.of(format, log),
        new Prepare.Rules(Protocol.NONE, null, true, null, 0, 42),
        new Resources("500MB", 1),
        out,
        true,
        Progress.NONE);
    OpenDataset dataset = OpenDataset.of(out, Workers.ONE);
    return LeakCheck.warnings(
        dataset.labelledTrain(), "purchase", i -> dataset.dataset().catalogue().id(i));
  }

  /// Where nearly every session buys, nearly every session with any item does.
  @Test
  void aGoalOfNearlyAllSessionsIsToldByNothing() throws IOException {
    List<String> lines = new ArrayList<>(List.of("visit,sku,at,what,page,total"));
    for (int s = 0; s < 300; s++) {
      long at = 1_700_000_000L + s * 1_000L;
      lines.add("s%d,i%d,%d,view,,".formatted(s, s % 7, at));
      lines.add("s%d,,%d,page,%s,".formatted(s, at + 1, s % 2 == 0 ? "help" : "home"));
      if (s % 50 != 0) {
        lines.add("s%d,i1,%d,purchase,,".formatted(s, at + 6));
      }
    }
    assertThat(warningsOf(lines)).isEmpty();
  }

  @Test
  void anHonestLogIsNotSuspected() throws IOException {
    assertThat(warnings("")).isEmpty();
  }

  @Test
  void thePageThatConfirmsAnOrderIsNamed() throws IOException {
    assertThat(warnings("page"))
        .singleElement()
        .asString()
        .startsWith("page=confirmed tells purchase too well to be true: ")
        .contains("(100.0 %), of all others 0.0 %")
        .contains("take page out of");
  }

  @Test
  void aTotalThatOnlyOrdersHaveIsNamed() throws IOException {
    assertThat(warnings("total")).singleElement().asString().startsWith("a known total tells");
  }

  @Test
  void anActionOfTheOrderIsNamed() throws IOException {
    assertThat(warnings("action"))
        .singleElement()
        .asString()
        .startsWith("the action thanks tells purchase");
  }

  @Test
  void aCartThatTheOrderEmptiesIsNamed() throws IOException {
    assertThat(warnings("emptied"))
        .singleElement()
        .asString()
        .contains("have emptied the cart before it")
        .contains("actions");
  }
}
