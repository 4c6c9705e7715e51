package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.Visitors;
import io.kaseb.event.Actions;
import io.kaseb.ingest.ClickLog;
import io.kaseb.logfile.ActionWords;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.model.Catalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that a shopper does, from the log into memory: actions, attributes, users, items.
class PrepareEventsTest {
  private static final Prepare.Rules PLAIN = Logs.rules(Protocol.NONE);

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("dataset");
  }

  private static Format csv(String columns) {
    return Format.of("csv").with(LogColumns.parse(columns));
  }

  private OpenDataset open(ClickSource source, Prepare.Rules rules) throws IOException {
    Logs.prepare(source, rules, out());
    return OpenDataset.of(out(), Workers.ONE);
  }

  private static List<String> actions(LabelledSessions labelled) {
    return IntStream.range(0, labelled.sessions().events())
        .mapToObj(e -> labelled.signals().names().word(labelled.signals().action(e)))
        .toList();
  }

  private static AttributeColumn column(LabelledSessions labelled, String name) {
    return labelled.signals().attributes().stream()
        .filter(c -> c.attribute().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(AttributeColumn column) {
    return IntStream.of(column.codes()).mapToObj(c -> c < 0 ? "-" : column.names().get(c)).toList();
  }

  @Test
  void eventsKeepTheirOrderAndClicksStayAsTheyWere() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k",
            "a,1,10,view",
            "a,,20,Search",
            "a,2,30,view",
            "a,2,30,add_to_cart",
            "a,9,40,wishlist",
            "a,2,50,order",
            "a,2,60,view",
            "b,,70,page",
            "c,3,80,view",
            "c,3,80,remove from cart");
    OpenDataset dataset = open(ClickSource.of(csv("session=s,item=i,time=t,type=k"), log), PLAIN);
    assertThat(dataset.manifest().formatVersion()).isEqualTo(2);
    assertThat(dataset.manifest().train().events()).isEqualTo(4);
    assertThat(dataset.dataset().catalogue().ids()).containsExactly("1", "2", "3", "9");
    assertThat(dataset.dataset().trainItems()).isEqualTo(3);
    assertThat(dataset.dataset().train().offsets()).containsExactly(0, 3, 4);
    assertThat(dataset.dataset().train().items()).containsExactly(0, 1, 1, 2);
    LabelledSessions labelled = dataset.labelledTrain();
    assertThat(labelled.sessions().items())
        .containsExactly(0, LabelledSessions.NO_ITEM, 1, 1, 3, 1, 2, 2);
    assertThat(actions(labelled))
        .containsExactly("view", "search", "view", "cart", "wishlist", "view", "view", "remove");
    assertThat(labelled.purchases().places()).containsExactly(5);
    LabelledSessions live = labelled.live();
    assertThat(actions(live))
        .containsExactly("view", "search", "view", "cart", "wishlist", "view", "remove");
    LabelledSessions carts = labelled.forGoal(Actions.CART);
    assertThat(carts.purchases().offsets()).containsExactly(0, 1, 1);
    assertThat(carts.purchases().items()).containsExactly(1);
    assertThat(carts.purchases().first(0)).isEqualTo(30_000);
    assertThat(actions(carts.live())).containsExactly("view", "search", "view", "view", "remove");
    assertThat(labelled.forGoal(Actions.PURCHASE)).isSameAs(labelled);
  }

  @Test
  void aPurchaseHasItsPlaceInTheLogsOrderAndAmongEarlierTimesElsewhere() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k",
            "a,1,10,view",
            "a,1,10,order",
            "a,2,10,view",
            "b,1,10,view",
            "b,2,20,view",
            "b,3,20,cart");
    Path buys = Logs.write(folder.resolve("buys.csv"), "s,i,t,k", "b,2,20,order", "b,1,,order");
    ClickSource source =
        new ClickSource(
            csv("session=s,item=i,time=t,type=k"), List.of(log), List.of(buys), List.of(), null);
    OpenDataset dataset = open(source, new Prepare.Rules(Protocol.NONE, null, true, null, 1, 1));
    // The purchase without a time is a bad row of a log that has times.
    assertThat(dataset.labelledTrain().purchases().places()).containsExactly(1, 1);
    assertThat(dataset.labelledTrain().live().sessions().offsets()).containsExactly(0, 1, 2);
  }

  @Test
  void aLogOfPagesHasNoItemsAndItsRulesGoByEvents() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,t,p,state",
            "a,10,home,open",
            "a,20,list,open",
            "a,20,list,paid",
            "a,30,home,open",
            "b,40,home,open",
            "c,50,home,open",
            "c,60,list,open");
    Format format = csv("session=s,time=t,type=p,purchase=state:paid|shipped");
    assertThatThrownBy(() -> Logs.prepare(ClickSource.of(format, log), PLAIN, out()))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("home 4, list 2")
        .hasMessageContaining("home=home,list=list");
    ClickSource source =
        ClickSource.of(format.withActions(ActionWords.parse("home=home,page=list")), log);
    OpenDataset dataset = open(source, Logs.rules(Protocol.RSC15, "time:0.5"));
    LabelledSessions train = dataset.labelledTrain();
    LabelledSessions test = dataset.labelledTest();
    assertThat(dataset.manifest().hasClicks()).isFalse();
    assertThat(dataset.dataset().catalogue().size()).isZero();
    assertThat(dataset.dataset().train().offsets()).containsExactly(0, 0);
    assertThat(actions(train)).containsExactly("home", "page", "home");
    assertThat(train.purchases().places()).containsExactly(2);
    assertThat(train.purchases().distinct(0)).isEqualTo(1);
    assertThat(actions(test)).containsExactly("home", "page");
    assertThat(dataset.manifest().actions())
        .containsExactly(new Manifest.Action("page", 1, 1), new Manifest.Action("home", 2, 1));
  }

  @Test
  void pagesThatAreItemsTooAreClicks() throws IOException {
    Path log =
        Logs.write(folder.resolve("log.csv"), "s,t,p", "a,10,home", "a,20,list", "b,30,list");
    Format format =
        csv("session=s,time=t,item=p,type=p").withActions(ActionWords.parse("home=home,page=list"));
    OpenDataset dataset = open(ClickSource.of(format, log), PLAIN);
    assertThat(dataset.manifest().train().events()).isEqualTo(3);
    assertThat(dataset.dataset().trainItems()).isEqualTo(2);
    assertThat(dataset.dataset().train().items()).containsExactly(0, 1, 1);
    assertThat(actions(dataset.labelledTrain())).containsExactly("home", "page", "page");
  }

  @Test
  void gapsAndBordersTakeOtherEventsAlong() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k",
            "v,1,0,view",
            "v,2,10,view",
            "v,2,3000,cart",
            "v,1,90000,view",
            "v,1,90001,cart",
            "v,2,90002,view",
            "w,1,90000,cart",
            "w,1,90010,view",
            "w,2,90020,view");
    OpenDataset dataset =
        open(
            ClickSource.of(csv("session=s,item=i,time=t,type=k"), log),
            new Prepare.Rules(Protocol.NONE, null, true, 3600, 0, 1));
    LabelledSessions labelled = dataset.labelledTrain();
    assertThat(labelled.sessions().offsets()).containsExactly(0, 3, 6, 9);
    assertThat(actions(labelled))
        .containsExactly("view", "view", "cart", "view", "cart", "view", "cart", "view", "view");

    Path days =
        Logs.write(
            folder.resolve("days.csv"),
            "s,i,t,k",
            "a,1,0,view",
            "a,1,10,cart",
            "a,2,20,view",
            "a,2,90000,cart",
            "b,1,90000,view",
            "b,2,170000,view");
    OpenDataset cut =
        open(
            ClickSource.of(csv("session=s,item=i,time=t,type=k"), days),
            new Prepare.Rules(Protocol.CHALLENGE, null, true, null, 0, 1)
                .with(Protocol.CHALLENGE)
                .with(Split.parse("days:1")));
    assertThat(actions(cut.labelledTrain())).containsExactly("view", "cart", "view", "cart");
    assertThat(actions(cut.labelledTest())).containsExactly("view", "view");
  }

  @Test
  void attributesLieAtTheirLevels() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k,device,unit price,q,brand,pay",
            "a,1,10,view,,1.5,,x,",
            "a,,20,search,phone,,\"Red-shoe, red 42!\",,",
            "a,2,30,view,tablet,,,,",
            "a,2,40,order,,,,,card",
            "a,1,50,view,,-3e2,,y,card",
            "b,2,60,view,,,,,");
    Path items =
        Logs.write(
            folder.resolve("items.jsonl"),
            "{\"id\":\"2\",\"brand\":\"z\",\"stock\":7}",
            "{\"id\":\"77\",\"brand\":\"x\"}");
    Format format =
        csv("session=s,item=i,time=t,type=k")
            .withAttributes(
                LogAttribute.parse(
                    "device:category@session,price=unit price:number@event,q:words@event,"
                        + "brand:category@item,pay:category@session,stock:number@item"));
    ClickSource source =
        new ClickSource(format, List.of(log), List.of(), List.of(log), null, items, null);
    OpenDataset dataset = open(source, PLAIN);
    LabelledSessions labelled = dataset.labelledTest();
    assertThat(dataset.dataset().catalogue().ids()).containsExactly("1", "2", "77");
    assertThat(dataset.dataset().trainItems()).isEqualTo(2);
    assertThat(texts(column(labelled, "device"))).containsExactly("phone", "-");
    assertThat(column(labelled, "price").numbers())
        .containsExactly(1.5f, Float.NaN, Float.NaN, -300, Float.NaN);
    AttributeColumn words = column(labelled, "q");
    assertThat(words.offsets()).containsExactly(0, 0, 4, 4, 4, 4);
    assertThat(IntStream.of(words.codes()).mapToObj(words.names()::get))
        .containsExactly("red", "shoe", "red", "42");
    assertThat(texts(column(labelled, "brand"))).containsExactly("y", "z", "x");
    assertThat(column(labelled, "stock").numbers()).containsExactly(Float.NaN, 7, Float.NaN);
    // What the order brought along says nothing of the session.
    assertThat(texts(column(labelled, "pay"))).containsExactly("-", "-");
    assertThat(dataset.manifest().attributes())
        .contains(
            new Manifest.AttributeCount("device:category@session", 4, 2),
            new Manifest.AttributeCount("price:number@event", 10, 6));
    // In train, values of fewer than five rows share one.
    assertThat(texts(column(dataset.labelledTrain(), "brand")))
        .containsExactly("other", "other", "other");
    assertThat(column(dataset.labelledTrain(), "q").codes()).isEmpty();
  }

  @Test
  void aNumberThatIsNoneAndAColumnThatIsMissingAreErrors() {
    Path log = Logs.write(folder.resolve("log.csv"), "s,i,t,p", "a,1,10,cheap", "a,1,20,2");
    Format format = csv("session=s,item=i,time=t");
    Format priced = format.withAttributes(LogAttribute.parse("p:number@event"));
    assertThatThrownBy(() -> Logs.prepare(ClickSource.of(priced, log), PLAIN, out()))
        .hasMessageContaining("log.csv:2: p cheap is no number");
    Format lacking = format.withAttributes(LogAttribute.parse("price:number@event"));
    assertThatThrownBy(() -> Logs.prepare(ClickSource.of(lacking, log), PLAIN, out()))
        .hasMessageContaining("has no column price (for the attribute price)");
    for (String wrong :
        List.of("price", "p:number", "p:size@event", "p:number@shop", "a b:words@event")) {
      assertThatThrownBy(() -> LogAttribute.parse(wrong))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("attributes=");
    }
    assertThat(LogAttribute.parse("cost=unit: price:number@event").getFirst())
        .extracting(LogAttribute::column)
        .isEqualTo("unit: price");
  }

  @Test
  void visitorsKnowEarlierSessionsAlone() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k,u",
            "a,1,10,view,ann",
            "a,1,20,order,ann",
            "b,2,15,view,ann",
            "b,3,30,cart,ann",
            "c,1,40,view,",
            "d,1,50,view,ann",
            "e,4,60,view,bob");
    Path test =
        Logs.write(folder.resolve("test.csv"), "s,i,t,k,u", "x,1,70,view,ann", "y,1,5,view,bob");
    ClickSource source =
        new ClickSource(
            csv("session=s,item=i,time=t,type=k,user=u"),
            List.of(log),
            List.of(),
            List.of(test),
            null);
    OpenDataset dataset = open(source, PLAIN);
    assertThat(dataset.manifest().users()).isEqualTo(2);
    Visitors train = dataset.labelledTrain().signals().visitors();
    Visitors last = dataset.labelledTest().signals().visitors();
    // By start: a, b (overlaps a), c (nobody), d after both, e of bob.
    assertThat(train.sessions()).containsExactly(0, 0, -1, 2, 1);
    assertThat(train.bought()).containsExactly(0, 0, 0, 1, 0);
    assertThat(train.ended()).containsExactly(-1, -1, -1, 30_000, 5_000);
    assertThat(train.offsets()).containsExactly(0, 0, 0, 0, 3, 4);
    assertThat(train.items()).containsExactly(0, 1, 3, 0);
    assertThat(train.taken()).containsExactly(true, false, false, false);
    assertThat(last.sessions()).containsExactly(0, 3);
  }

  @Test
  void aLogIsReadForForecastsWithAllItsSessions() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "s,i,t,k,u,d",
            "a,1,10,view,ann,",
            "a,1,20,cart,ann,phone",
            "b,,30,search,ann,");
    Format format =
        csv("session=s,item=i,time=t,type=k,user=u")
            .withAttributes(LogAttribute.parse("d:category@session"));
    ClickLog read =
        ClickLog.read(
            ClickSource.of(format, log), Catalogue.of(List.of("1")), 0, Logs.SMALL, Progress.NONE);
    assertThat(read.sessionIds()).containsExactly("a", "b");
    assertThat(read.sessions().offsets()).containsExactly(0, 1, 1);
    assertThat(read.labelled().sessions().items()).containsExactly(0, 0, LabelledSessions.NO_ITEM);
    assertThat(actions(read.labelled())).containsExactly("view", "cart", "search");
    assertThat(texts(column(read.labelled(), "d"))).containsExactly("phone", "-");
    assertThat(read.labelled().signals().visitors().sessions()).containsExactly(0, 1);
  }

  @Test
  void publishedLogsKnowTheirCartsUsersAndAttributes() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("rees46.csv"),
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session",
            "2019-10-01 00:00:00 UTC,view,1,2,,aqua,35.79,7,x",
            "2019-10-01 00:00:05 UTC,cart,1,2,,aqua,35.79,7,x",
            "2019-10-01 00:00:09 UTC,remove_from_cart,1,2,,,35.79,7,x");
    OpenDataset dataset = open(ClickSource.of(Format.of("rees46"), log), PLAIN);
    LabelledSessions labelled = dataset.labelledTrain();
    assertThat(actions(labelled)).containsExactly("view", "cart", "remove");
    assertThat(texts(column(labelled, "brand"))).containsExactly("other");
    assertThat(column(labelled, "price").numbers()).containsExactly(35.79f, 35.79f, 35.79f);
    assertThat(labelled.signals().visitors().sessions()).containsExactly(0);
    // Who stripped the log of its users and brands prepares it all the same.
    Path bare =
        Logs.write(
            folder.resolve("bare.csv"),
            "event_time,event_type,product_id,category_id,price,user_session",
            "2019-10-01 00:00:00 UTC,view,1,2,35.79,x");
    assertThat(open(ClickSource.of(Format.of("rees46"), bare), PLAIN).manifest().hasUsers())
        .isFalse();
  }
}
