using System.Collections.Immutable;
using MagicFolder.Sync.History;
using static MagicFolder.Sync.Tests.History.Story;

namespace MagicFolder.Sync.Tests.History;

/// <summary>Alice, whose clock is asked by, publishes at 10, 20 and 30 o'clock; bob has seen her first, and she sees his with her second or third.</summary>
public sealed class BelievedTimesTests
{
    private const int Hour = 60 * 60 * 1000;

    [Theory]
    [InlineData(15, 15, "it can be right")]
    [InlineData(10, 10, "it can be right")]
    [InlineData(20, 20, "it can be right")]
    [InlineData(25, 25, "ahead by no more than clocks differ: its maker's clock is the one that counts")]
    [InlineData(44, 44, "the same, just so")]
    [InlineData(45, 20, "more than a day ahead: when alice knew of it")]
    [InlineData(1_500_000, 20, "in 2141")]
    [InlineData(9, 20, "behind what it had seen")]
    [InlineData(-500_000, 20, "in 1912")]
    public void TheMakersClockCountsUnlessItCannotBeRight(int said, int believed, string because) =>
        Of(said, seenWith: 2).ShouldBe(believed, because);

    [Theory]
    [InlineData(9, 30)]
    [InlineData(29, 29)]
    [InlineData(60, 30)]
    public void WhatWasSeenLateCountsFromThen(int said, int believed) => Of(said, seenWith: 3).ShouldBe(believed);

    [Theory]
    [InlineData(9, null)]
    [InlineData(11, 11)]
    [InlineData(1_500_000, 1_500_000)]
    public void OfWhatWasNotSeenYetNothingTellsWhenItWasMadeAtTheLatest(int said, int? believed) => Of(said, seenWith: 4).ShouldBe(believed);

    [Fact]
    public void AClockThatIsWrongOnlyOnceIsFirstComparedWithItself()
    {
        var alice = Alice(seenWith: 3, bob: 3);
        var bob = new[] { Snapshot("bob", 3, 25 * Hour, [("alice", 1)]), Snapshot("bob", 2, -500_000L * Hour, [("alice", 1)]), Snapshot("bob", 1, 15 * Hour, [("alice", 1)]) };
        var times = new BelievedTimes([.. alice, .. bob], "alice");
        bob.Select(snapshot => times.Of(snapshot) / Hour).ShouldBe([25, 25, 15]);
    }

    [Fact]
    public void TheOwnTimesAreThoseOfTheOwnClockWhateverOthersSay()
    {
        var alice = Alice(seenWith: 2, bob: 1);
        var times = new BelievedTimes([.. alice, Snapshot("bob", 1, 1_500_000L * Hour, [("alice", 1)])], "alice");
        alice.Select(snapshot => times.Of(snapshot) / Hour).ShouldBe([30, 20, 10]);
    }

    [Fact]
    public void ForWhoHasPublishedNothingEveryClockIsRight()
    {
        var bob = Snapshot("bob", 1, 9, [("alice", 1)]);
        new BelievedTimes([bob], "alice").Of(bob).ShouldBe(9);
    }

    private static int? Of(int said, int seenWith)
    {
        var bob = Snapshot("bob", 1, said * (long)Hour, [("alice", 1)]);
        long time = new BelievedTimes([.. Alice(seenWith, bob: 1), bob], "alice").Of(bob);
        return time == long.MaxValue ? null : (int)(time / Hour);
    }

    /// <summary>Newest first.</summary>
    private static ImmutableArray<LoggedSnapshot> Alice(int seenWith, int bob) =>
        [.. new[] { 3, 2, 1 }.Select(seq => Snapshot("alice", seq, seq * 10 * Hour, seq >= seenWith ? [("bob", (long)bob)] : []))];
}
