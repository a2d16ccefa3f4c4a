using MagicFolder.Model.Joining;

namespace MagicFolder.Model.Tests.Joining;

public sealed class JoinPropertyTests
{
    private const int Histories = 1500;

    [Fact]
    public void AllConvergeOnExactlyTheVersionsThatNothingFollows()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var history = new History(seed, losses: false);
            history.Run(5 + seed % 75);
            history.Settle();
            var want = history.TrueTree();
            foreach (var who in history.Participants)
                who.Tree.Items().ShouldBe(want.Items(), $"seed {seed}");
            history.Participants.ShouldAllBe(who => who.Tree.Root == want.Root);
        }
    }

    [Fact]
    public void LostStateLosesNoPublishedVersionAndAllConverge()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var history = new History(seed + 1_000_000, losses: true);
            history.Run(5 + seed % 75);
            history.Settle();
            var first = history.Participants[0].Tree;
            history.Participants.ShouldAllBe(who => who.Tree.Root == first.Root, $"seed {seed}");
            // Work that was sealed but not seen may live on under a second dot; its content must be there.
            foreach (var ((path, _), value) in history.Truth)
                first.Find(path).ShouldNotBeNull($"seed {seed}").DotsOf(value).ShouldNotBeEmpty($"seed {seed}");
        }
    }

    [Fact]
    public void TheJoinIsCommutativeAssociativeAndIdempotent()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var history = new History(seed + 2_000_000, losses: true);
            history.Run(20 + seed % 60);
            foreach (var who in history.Participants) who.Publish();
            var a = history.Participants[0].Published;
            var b = history.Participants[1].Published;
            var c = history.Participants[^1].Published;

            Join(a, b).ShouldBe(Join(b, a), $"seed {seed}");
            Join(Join(a, b), c).ShouldBe(Join(a, Join(b, c)), $"seed {seed}");
            Join(a, a).ShouldBe(Same(a));
            Join(Join(a, b), b).ShouldBe(Join(a, b), $"seed {seed}");
        }
    }

    private static State Join(State x, State y)
    {
        var result = Model.Joining.Join.Compute(x.Tree, x.Context, y.Tree, y.Context);
        return new State(result.Result, result.Context);
    }

    private static State Same(State state) => state;

    /// <summary>Equal when root and context are.</summary>
    private sealed class State(Model.Tree.Dmt tree, Model.Versions.VersionContext context) : IEquatable<State>
    {
        public Model.Tree.Dmt Tree { get; } = tree;

        public Model.Versions.VersionContext Context { get; } = context;

        public static implicit operator State((Model.Tree.Dmt Tree, Model.Versions.VersionContext Context) pair) => new(pair.Tree, pair.Context);

        public bool Equals(State? other) => other is not null && Tree.Root == other.Tree.Root && Context.Equals(other.Context);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode() => Tree.Root.GetHashCode();
    }
}
