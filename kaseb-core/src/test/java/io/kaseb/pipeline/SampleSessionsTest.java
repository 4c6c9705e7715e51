package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.Resources;
import io.kaseb.event.Event;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions that are taken out of a dataset are those of the log.
class SampleSessionsTest {
  private static final String LOG =
      """
      session,time,type,item,category,device,brand,price,query
      1,1000,view,a,lamps,phone,x,5,
      1,1010,view,b,sofas,phone,y,7,
      1,1020,view,a,lamps,phone,x,5,
      2,2000,view,a,lamps,phone,x,5,
      2,2010,view,b,sofas,phone,y,7,
      2,2020,view,c,,phone,,,
      2,2030,view,a,shelves,phone,x,5,
      3,3000,view,c,,desktop,,,
      3,3010,cart,c,,desktop,,,
      3,3020,search,,,desktop,,,red lamp
      3,3030,purchase,c,,desktop,,,
      3,3040,view,a,lamps,desktop,x,5,
      4,4000,view,a,lamps,phone,x,5,
      4,4010,view,b,sofas,phone,y,7,
      5,5000,view,b,sofas,phone,y,7,
      5,5010,view,a,lamps,phone,x,5,
      5,5020,view,a,lamps,phone,x,5,
      """;

  private static Path prepare(Path folder, @Nullable String split) throws IOException {
    Path log = Files.writeString(folder.resolve("log.csv"), LOG);
    Path dataset = folder.resolve("dataset");
    Format format =
        Format.of("csv")
            .with(
                LogColumns.parse("session=session,time=time,type=type,item=item,category=category"))
            .withAttributes(
                LogAttribute.parse(
                    "device:category@session,brand:category@item,price:number@item,query:words@event"));
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE);
    Prepare.run(
        ClickSource.of(format, log),
        split == null ? rules : rules.with(Split.parse(split)),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    return dataset;
  }

  @Test
  void eventsComeAsTheLogHasThemUpToThePurchase(@TempDir Path folder) throws IOException {
    Path dataset = prepare(folder, "time:0.6");
    SampleSessions.Sample sample = SampleSessions.draw(dataset, 10, 1, Workers.of(1));
    assertThat(sample.part()).isEqualTo("test");
    // Session 4 is too short.
    assertThat(sample.sessions()).hasSize(2);
    SampleSessions.Sampled buyer = sample.sessions().getFirst();
    assertThat(buyer.bought()).containsExactly("c");
    assertThat(buyer.events())
        .extracting(Event::action, Event::item, Event::time)
        .containsExactly(
            tuple("view", "c", 3_000_000L),
            tuple("cart", "c", 3_010_000L),
            tuple("search", null, 3_020_000L));
    assertThat(buyer.events().getLast().attributes()).isEqualTo(Map.of("query", "red lamp"));
    assertThat(buyer.events().getFirst().attributes()).isEmpty();
    assertThat(buyer.attributes()).containsOnlyKeys("device");
    assertThat(sample.sessions().getLast().bought()).isEmpty();
    assertThat(sample.sessions().getLast().events().getFirst().category()).isEqualTo("sofas");
  }

  @Test
  void whatIsKnownOfItemsIsTold(@TempDir Path folder) throws IOException {
    SampleSessions.Sample sample =
        SampleSessions.draw(prepare(folder, "time:0.6"), 10, 1, Workers.of(1));
    assertThat(sample.items()).containsOnlyKeys("a", "b");
    assertThat(sample.items().get("a"))
        .containsEntry("category", "lamps")
        .containsEntry("price", 5f);
  }

  @Test
  void theSeedDraws(@TempDir Path folder) throws IOException {
    Path dataset = prepare(folder, "time:0.6");
    List<SampleSessions.Sampled> one = SampleSessions.draw(dataset, 1, 1, Workers.of(1)).sessions();
    assertThat(one)
        .hasSize(1)
        .isEqualTo(SampleSessions.draw(dataset, 1, 1, Workers.of(1)).sessions());
  }

  @Test
  void withoutTestPartTheyComeFromTrain(@TempDir Path folder) throws IOException {
    SampleSessions.Sample sample = SampleSessions.draw(prepare(folder, null), 10, 1, Workers.of(1));
    assertThat(sample.part()).isEqualTo("train");
    assertThat(sample.sessions()).hasSize(4);
  }
}
