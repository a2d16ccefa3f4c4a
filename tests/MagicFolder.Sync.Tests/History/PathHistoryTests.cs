using MagicFolder.Sync.History;
using static MagicFolder.Sync.Tests.History.Story;

namespace MagicFolder.Sync.Tests.History;

public sealed class PathHistoryTests
{
    [Fact]
    public void EveryVersionIsListedOnceWithItsMaker()
    {
        var story = new Story();
        var first = story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("bob", 1, [("alice", 1)], (Dot("alice", 1), 1));
        var second = story.Publish("bob", 2, [("alice", 1)], (Dot("bob", 2), 2));
        story.Publish("alice", 2, [("bob", 2)], (Dot("bob", 2), 2));
        Of(story).ShouldBe([("bob", 2, 2, second), ("alice", 1, 1, first)]);
    }

    [Fact]
    public void ADeletionIsMadeByWhoMadeItNotByThoseWhoTakeItOver()
    {
        var story = new Story();
        var made = story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("bob", 1, [("alice", 1)], (Dot("alice", 1), 1));
        var deleted = story.Publish("bob", 2, [("alice", 1)]);
        story.Publish("alice", 2, [("bob", 2)]);
        Of(story).ShouldBe([("bob", 2, 0, deleted), ("alice", 1, 1, made)]);
    }

    [Fact]
    public void ADeletionBroughtBackAndDeletedAgainIsThere()
    {
        var story = new Story();
        story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("alice", 2, []);
        story.Publish("alice", 3, [], (Dot("alice", 3), 1));
        story.Publish("alice", 4, []);
        Of(story).Select(v => (v.Seq, v.Number)).ShouldBe([(4L, 0L), (3, 1), (2, 0), (1, 1)]);
    }

    [Fact]
    public void DeletingAVersionThatWasJoinedWithTheSameSnapshotIsADeletion()
    {
        var story = new Story();
        story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("bob", 1, [("alice", 1)], (Dot("alice", 1), 1));
        story.Publish("alice", 2, [("bob", 1)], (Dot("alice", 2), 2));
        story.Publish("bob", 2, [("alice", 2)]);
        Of(story).Select(v => (v.Participant, v.Seq, v.Number)).ShouldBe([("bob", 2L, 0L), ("alice", 2, 2), ("alice", 1, 1)]);
    }

    [Fact]
    public void DeletionsAtTheSameTimeAreOfBoth()
    {
        var story = new Story();
        story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("bob", 1, [("alice", 1)]);
        story.Publish("alice", 2, []);
        Of(story).Count(v => v.Number == 0).ShouldBe(2);
    }

    [Fact]
    public void AnEditIsNoDeletionAndNeitherIsTheEndOfAConflict()
    {
        var story = new Story();
        story.Publish("alice", 1, [], (Dot("alice", 1), 1));
        story.Publish("bob", 1, [], (Dot("bob", 1), 2));
        story.Publish("alice", 2, [("bob", 1)], (Dot("alice", 1), 1), (Dot("bob", 1), 2));
        story.Publish("alice", 3, [("bob", 1)], (Dot("bob", 1), 2));
        story.Publish("bob", 2, [("alice", 3)], (Dot("bob", 2), 3));
        Of(story).ShouldAllBe(v => v.Number != 0);
        Of(story).Count.ShouldBe(3);
    }

    [Fact]
    public void AVersionWhoseFirstSnapshotIsGoneIsFoundInTheOldestThatHasIt()
    {
        var story = new Story();
        var oldest = story.Publish("bob", 4, [("alice", 7)], (Dot("alice", 5), 1));
        story.Publish("bob", 5, [("alice", 7)], (Dot("alice", 5), 1));
        Of(story).ShouldBe([("alice", 5, 1, oldest)]);
    }

    [Fact]
    public void APathThatNeverWasHasNoHistory()
    {
        var story = new Story();
        story.Publish("alice", 1, []);
        Of(story).ShouldBeEmpty();
    }

    private static IReadOnlyList<(string Participant, long Seq, long Number, LoggedSnapshot Snapshot)> Of(Story story) =>
        [.. PathHistory.Of(story.States, NameOf).Select(v => (v.Participant, v.Seq, v.Value?.Size ?? 0, v.Snapshot))];
}
