using MagicFolder.Sync.History;
using static MagicFolder.Sync.Tests.History.Story;

namespace MagicFolder.Sync.Tests.History;

public sealed class CausalOrderTests
{
    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    [Fact]
    public void WhatItsMakerHadSeenIsOlderWhateverTheClocksSay()
    {
        var (alice1, alice2) = (Snapshot("alice", 1, 9000, []), Snapshot("alice", 2, 9500, [("bob", 1)]));
        var bob1 = Snapshot("bob", 1, 1000, [("alice", 1)]);
        CausalOrder.NewestFirst([[alice2, alice1], [bob1]]).ShouldBe([alice2, bob1, alice1]);
        CausalOrder.NewestFirst([[bob1], [alice2, alice1]]).ShouldBe([alice2, bob1, alice1]);
    }

    [Fact]
    public void WhereWhatWasSeenIsNotThereAnyMoreTheNewestOfTheRestCounts()
    {
        var alice = new[] { Snapshot("alice", 9, 9900, []), Snapshot("alice", 4, 9400, []), Snapshot("alice", 2, 9200, []) };
        var bob = Snapshot("bob", 7, 100, [("alice", 6)]);
        CausalOrder.NewestFirst([alice, [bob]]).ShouldBe([alice[0], bob, alice[1], alice[2]]);
    }

    [Fact]
    public void OfWhatNoneHadSeenTheOtherTheClocksDecideAndThenTheFirstHistory()
    {
        var (alice, bob, carol) = (Snapshot("alice", 1, 3000, []), Snapshot("bob", 1, 5000, []), Snapshot("carol", 1, 3000, []));
        CausalOrder.NewestFirst([[alice], [bob], [carol]]).ShouldBe([bob, alice, carol]);
        CausalOrder.NewestFirst([]).ShouldBeEmpty();
        CausalOrder.NewestFirst([[], [alice]]).ShouldBe([alice]);
    }

    [Fact]
    public void ATimeThatItsHistoryProvesWrongDoesNotDecideAmongOthers()
    {
        // Bob's second was made between his others, so before carol's, though his clock stood in 2199.
        var bob = new[] { Snapshot("bob", 4, 3500, []), Snapshot("bob", 3, 3000, []), Snapshot("bob", 2, 7_226_582_400_000, []), Snapshot("bob", 1, 1000, []) };
        var carol = Snapshot("carol", 1, 4000, []);
        CausalOrder.NewestFirst([bob, [carol]]).ShouldBe([carol, .. bob]);
    }

    [Fact]
    public void WhoClaimsToHaveSeenWhatIsMadeLaterHidesNothingAndReordersNoHistory()
    {
        var (alice1, alice2) = (Snapshot("alice", 1, 1000, [("bob", 1)]), Snapshot("alice", 2, 2000, [("bob", 1)]));
        var (bob1, bob2) = (Snapshot("bob", 1, 5000, [("alice", 2)]), Snapshot("bob", 2, 500, [("alice", 2)]));
        CausalOrder.NewestFirst([[alice2, alice1], [bob2, bob1]]).ShouldBe([bob2, bob1, alice2, alice1]);
    }

    [Fact]
    public void WhoClaimsToBeSomebodyElseDoesNotReplaceThem()
    {
        var real = Snapshot("alice", 5, 9000, []);
        var forged = Snapshot("alice", 5, 100, []) with { Participant = "mallory" };
        var bob = Snapshot("bob", 1, 1000, [("alice", 5)]);
        CausalOrder.NewestFirst([[real], [forged], [bob]])[0].ShouldBe(bob);
        CausalOrder.NewestFirst([[forged], [real], [bob]])[0].ShouldBe(bob);
    }

    [Fact]
    public void InEveryStoryWithAnyClocksTheOrderIsCausal()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var histories = Tell(new Random(seed), (random, _) => random.Next(4) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(1000));
            var order = CausalOrder.NewestFirst(histories);
            order.ShouldBe(histories.SelectMany(history => history), ignoreOrder: true, $"seed {seed}");
            for (int newer = 0; newer < order.Length; newer++)
                for (int older = newer + 1; older < order.Length; older++) order[older].HasSeen(order[newer]).ShouldBeFalse($"seed {seed}: {older} before {newer}");
            foreach (var history in histories) order.Where(history.Contains).ShouldBe(history, $"seed {seed}");
        }
    }

    [Fact]
    public void InEveryStoryWithRightClocksTheOrderIsThatOfTheTimes()
    {
        for (int seed = 0; seed < 50; seed++)
            CausalOrder.NewestFirst(Tell(new Random(seed), (_, now) => now)).Select(snapshot => snapshot.TimeMs).ShouldBeInOrder(SortDirection.Descending, $"seed {seed}");
    }

    /// <summary>Each publishes now and then, and sees of the others what they have published, or not yet; what one has seen stays seen.</summary>
    private static List<IReadOnlyList<LoggedSnapshot>> Tell(Random random, Func<Random, long, long> clock)
    {
        var published = Names.ToDictionary(name => name, _ => new List<LoggedSnapshot>());
        var seen = Names.ToDictionary(name => name, _ => new Dictionary<string, long>());
        for (int now = 1; now <= 60; now++)
        {
            string name = Names[random.Next(Names.Length)];
            foreach (string other in Names.Where(other => other != name && published[other].Count > 0 && random.Next(3) == 0))
            {
                foreach (var (third, seq) in seen[other].Append(new(other, published[other].Count)))
                    if (third != name) seen[name][third] = Math.Max(seq, seen[name].GetValueOrDefault(third));
            }
            published[name].Add(Snapshot(name, published[name].Count + 1, clock(random, now), seen[name].Select(one => (one.Key, one.Value))));
        }
        return [.. Names.Select(name => (IReadOnlyList<LoggedSnapshot>)[.. Enumerable.Reverse(published[name])])];
    }
}
