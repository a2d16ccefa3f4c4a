using MagicFolder.Model.Joining;
using MagicFolder.Model.Tests.Tree;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Joining;

public sealed class JoinTests
{
    private readonly MemoryNodeStore _store = new();

    private static VersionContext Seen(params (int Actor, long Seq)[] seen) =>
        seen.Aggregate(VersionContext.Empty, (context, pair) => context.With(Some.Actor(pair.Actor), pair.Seq));

    private Dmt Tree(params DmtEdit[] edits) => Dmt.Empty(_store).With(edits);

    private static DmtEdit Put(string path, long content, int actor, long seq) => new(Some.Path(path), Some.Entry(content, actor, seq));

    [Fact]
    public void ConcurrentEditsBecomeSiblings()
    {
        var result = Model.Joining.Join.Compute(Tree(Put("a", 1, 1, 1)), Seen((1, 1)), Tree(Put("a", 2, 2, 1)), Seen((2, 1)));
        result.Result.Find(Some.Path("a"))!.IsConflict.ShouldBeTrue();
        result.Context.ShouldBe(Seen((1, 1), (2, 1)));
    }

    [Fact]
    public void AnEditInKnowledgeOfOursReplacesIt()
    {
        var theirs = Tree(Put("a", 2, 2, 1));
        var result = Model.Joining.Join.Compute(Tree(Put("a", 1, 1, 1)), Seen((1, 1)), theirs, Seen((1, 1), (2, 1)));
        result.Result.Root.ShouldBe(theirs.Root);
    }

    [Fact]
    public void ADeletionInKnowledgeOfOursDeletesAndAnEditBeatsAConcurrentOne()
    {
        var ours = Tree(Put("a", 1, 1, 1), Put("b", 5, 1, 2));
        var result = Model.Joining.Join.Compute(ours, Seen((1, 2)), Tree(), Seen((1, 1), (2, 1)));
        result.Result.Items().Select(item => item.Path).ShouldBe([Some.Path("b")]);
    }

    [Fact]
    public void OurVersionsThatAreNotSealedYetAreKept()
    {
        var result = Model.Joining.Join.Compute(Tree(Put("a", 1, 1, 8)), Seen((1, 7)), Tree(), Seen((1, 7), (2, 3)));
        result.Result.Find(Some.Path("a")).ShouldNotBeNull();
    }

    [Fact]
    public void UnequalValuesUnderOneDotAreAForkThatNamesThePath()
    {
        var problem = Should.Throw<DamagedBytesException>(() =>
            Model.Joining.Join.Compute(Tree(Put("x/y", 1, 1, 1)), Seen((1, 1)), Tree(Put("x/y", 2, 1, 1)), Seen((1, 1))));
        problem.Reason.ShouldBe(DamageReason.Fork);
        problem.Message.ShouldContain("x/y");
    }

    [Fact]
    public void WhatItsMakerShowsForTheFirstTimeTakesThePlaceOfAForgery()
    {
        // Actor 3 has told 1 another value of what 2 made.
        var ours = Tree(Put("a", 7, 1, 1), Put("x", 666, 2, 5));
        var theirs = Tree(Put("x", 2, 2, 5));
        var changed = new List<DmtDifference>();

        var result = Model.Joining.Join.Compute(ours, Seen((1, 1), (2, 5), (3, 1)), theirs, Seen((2, 5)), changed.Add, new SnapshotMaker(Some.Actor(2), 4));

        result.Result.Root.ShouldBe(Tree(Put("a", 7, 1, 1), Put("x", 2, 2, 5)).Root);
        changed.Select(difference => difference.Path).ShouldBe([Some.Path("x")]);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 0)]
    public void WhatItsMakerHasShownBeforeOrAnotherTellsIsAFork(int maker, long joined)
    {
        var ours = Tree(Put("x", 1, 2, 5));
        Should.Throw<DamagedBytesException>(() => Model.Joining.Join.Compute(
                ours, Seen((1, 1), (2, 5)), Tree(Put("x", 2, 2, 5)), Seen((2, 6), (3, 1)), maker: new SnapshotMaker(Some.Actor(maker), joined)))
            .Reason.ShouldBe(DamageReason.Fork);
    }

    [Fact]
    public void AVersionThatTheyHaveNotSeenThemselvesIsMalformed()
    {
        Should.Throw<DamagedBytesException>(() => Model.Joining.Join.Compute(Tree(), Seen(), Tree(Put("a", 1, 2, 2)), Seen((2, 1))))
            .Reason.ShouldBe(DamageReason.Malformed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ManyDifferencesAreReportedOnceAndInOrder(bool haveOurs)
    {
        var ours = haveOurs ? Tree(Put("ours", 1, 1, 1)) : Tree();
        var theirs = Dmt.Empty(_store).With(Enumerable.Range(0, 70_000).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i, 2, 1))));
        var reported = new List<DmtDifference>();
        var result = Model.Joining.Join.Compute(ours, Seen((1, 1)), theirs, Seen((2, 1)), reported.Add);
        result.Changes.ShouldBe(70_000);
        reported.Select(difference => difference.Path).ShouldBe(Enumerable.Range(0, 70_000).Select(Some.Path));
        reported.ShouldAllBe(difference => difference.Left == null && difference.Right != null);
        result.Result.Root.ShouldBe(haveOurs ? theirs.With(Put("ours", 1, 1, 1)).Root : theirs.Root);
    }

    [Fact]
    public void TooManyVersionsOfOnePathAreRefused()
    {
        var ours = Tree(new DmtEdit(Some.Path("a"), Entry.From(Enumerable.Range(1, 600).Select(n => new Sibling(Some.Dot(1, n), Some.File(n))))));
        var theirs = Tree(new DmtEdit(Some.Path("a"), Entry.From(Enumerable.Range(1, 600).Select(n => new Sibling(Some.Dot(2, n), Some.File(n))))));
        Should.Throw<DamagedBytesException>(() => Model.Joining.Join.Compute(ours, Seen((1, 600)), theirs, Seen((2, 600))))
            .Reason.ShouldBe(DamageReason.TooLarge);
    }

    [Fact]
    public void NothingIsReportedOrSavedOfASnapshotThatIsRefused()
    {
        var ours = Tree(Put("z", 1, 1, 1));
        var theirs = Tree(Put("a", 1, 2, 1), Put("z", 2, 1, 1));
        int saves = _store.Saves;
        int reported = 0;
        Should.Throw<DamagedBytesException>(() => Model.Joining.Join.Compute(ours, Seen((1, 1)), theirs, Seen((1, 1), (2, 1)), _ => reported++));
        reported.ShouldBe(0);
        _store.Saves.ShouldBe(saves);
    }

    [Fact]
    public void WhenAllDifferencesGoOneWayNothingIsBuilt()
    {
        var ours = Dmt.Empty(_store).With(Enumerable.Range(0, 5000).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i))));
        var theirs = ours.With(Enumerable.Range(1000, 50).Select(i => new DmtEdit(Some.Path(i), Some.Entry(-i, 2, 1))));
        int saves = _store.Saves;
        var changed = new List<DmtDifference>();

        var taken = Model.Joining.Join.Compute(ours, Seen((1, 1)), theirs, Seen((1, 1), (2, 1)), changed.Add);
        taken.Result.Root.ShouldBe(theirs.Root);
        taken.Changes.ShouldBe(50);
        changed.Count.ShouldBe(50);

        var kept = Model.Joining.Join.Compute(theirs, Seen((1, 1), (2, 1)), ours, Seen((1, 1)), _ => throw new InvalidOperationException());
        kept.Result.Root.ShouldBe(theirs.Root);
        kept.Changes.ShouldBe(0);
        _store.Saves.ShouldBe(saves);
    }

    [Fact]
    public void ChangesAreExactlyTheDifferencesFromOursToTheResultInOrder()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var history = new History(seed + 3_000_000, losses: true);
            history.Run(60);
            var (ours, theirs) = (history.Participants[0], history.Participants[1].Published);
            var changed = new List<DmtDifference>();
            var result = Model.Joining.Join.Compute(ours.Tree, ours.Context, theirs.Tree, theirs.Context, changed.Add);
            changed.ShouldBe(Dmt.Diff(ours.Tree, result.Result), $"seed {seed}");
            result.Changes.ShouldBe(changed.Count);
        }
    }
}
