using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Planning;

/// <summary>What should stand at a path, and what has to be done for it: the decision matrix of design section 4.</summary>
public sealed class PlanTests
{
    private static readonly EntryValue A = Some.File(1);
    private static readonly EntryValue B = Some.File(2);
    private static readonly EntryValue D = EntryValue.Directory(5, 0x1ED);

    [Fact]
    public void APathWithoutVersionsIsEmptyOrAnImpliedDirectory()
    {
        DesiredState.Of(null, hasDescendants: false, null).Kind.ShouldBe(MainKind.Nothing);
        DesiredState.Of(null, hasDescendants: true, null).Kind.ShouldBe(MainKind.ImpliedDirectory);
    }

    [Fact]
    public void WhoeverHadOneOfTheSiblingsKeepsIt()
    {
        var desired = DesiredState.Of(Entry((A, 1), (B, 2)), hasDescendants: false, Record(A, Some.Dot(1, 1)));
        desired.Main!.Value.ShouldBe(A);
        desired.Beside.ShouldHaveSingleItem().Value.ShouldBe(B);
    }

    [Fact]
    public void WhoeverHadNoneTakesTheGreatestDot()
    {
        var desired = DesiredState.Of(Entry((A, 1), (B, 2)), hasDescendants: false, null);
        desired.Main!.Value.ShouldBe(B);
        desired.Beside.ShouldHaveSingleItem().Value.ShouldBe(A);
    }

    [Fact]
    public void WhoeverOnlyReadsGivesWayToEverybodyElse()
    {
        var desired = DesiredState.Of(Entry((A, 1), (B, 2)), hasDescendants: false, Record(B, Some.Dot(2, 2)), Some.Dot(2, 2).Actor);
        desired.Main!.Value.ShouldBe(A);
        desired.Beside.ShouldHaveSingleItem().Value.ShouldBe(B);
        DesiredState.Of(Entry((B, 2)), hasDescendants: false, Record(B, Some.Dot(2, 2)), Some.Dot(2, 2).Actor).Main!.Value.ShouldBe(B);
    }

    [Fact]
    public void EqualSiblingsAreOneVersionWithTheTimesOfTheGreatestDot()
    {
        var later = EntryValue.File(A.Content, A.Size, A.MtimeNs + 7, A.Mode);
        var desired = DesiredState.Of(Entry((A, 1), (later, 2)), hasDescendants: false, null);
        desired.Main!.Value.MtimeNs.ShouldBe(later.MtimeNs);
        desired.Main.Dots.ShouldBe([Some.Dot(1, 1), Some.Dot(2, 2)]);
        desired.Beside.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADirectoryKeepsTheNameAgainstAFile(bool hadTheFile)
    {
        var desired = DesiredState.Of(Entry((D, 1), (B, 2)), hasDescendants: false, hadTheFile ? Record(B, Some.Dot(2, 2)) : null);
        desired.Main!.Value.ShouldBe(D);
        desired.Beside.ShouldHaveSingleItem().Value.ShouldBe(B);
    }

    [Fact]
    public void AFileWithSomethingBelowItStandsBeside()
    {
        var desired = DesiredState.Of(Entry((A, 1)), hasDescendants: true, Record(A, Some.Dot(1, 1)));
        desired.Kind.ShouldBe(MainKind.ImpliedDirectory);
        desired.Beside.ShouldHaveSingleItem().Value.ShouldBe(A);
    }

    public static TheoryData<MaterializedRecord?, DesiredState, MainActionKind> Matrix()
    {
        var nothing = DesiredState.Of(null, false, null);
        var implied = DesiredState.Of(null, true, null);
        var wantsA = DesiredState.Of(Entry((A, 1)), false, null);
        var directory = Record(D, Some.Dot(1, 1));
        return new()
        {
            { null, nothing, MainActionKind.None },
            { Record(A, Some.Dot(1, 1)), nothing, MainActionKind.Remove },
            { null, implied, MainActionKind.CreateImplied },
            { directory, implied, MainActionKind.KeepAsImplied },
            { directory with { Dots = [], Implied = true }, implied, MainActionKind.None },
            { Record(A, Some.Dot(1, 1)), implied, MainActionKind.ReplaceByImplied },
            { null, wantsA, MainActionKind.Create },
            { Record(A, Some.Dot(1, 1)), wantsA, MainActionKind.None },
            { Record(A, Some.Dot(2, 9)), wantsA, MainActionKind.Adopt },
            { Record(EntryValue.File(A.Content, A.Size, 0, A.Mode), Some.Dot(1, 1)), wantsA, MainActionKind.Adopt },
            { Record(B, Some.Dot(1, 1)), wantsA, MainActionKind.Replace },
            { directory, wantsA, MainActionKind.Replace },
        };
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void TheActionFollowsFromRecordAndDesire(MaterializedRecord? record, DesiredState desired, MainActionKind action) =>
        MainAction.Decide(record, desired).ShouldBe(action);

    private static Entry Entry(params (EntryValue Value, int Actor)[] siblings) =>
        Model.Versions.Entry.From(siblings.Select(s => new Sibling(Some.Dot(s.Actor, s.Actor), s.Value)))!;

    private static MaterializedRecord Record(EntryValue value, params ImmutableArray<Dot> dots) => new(Some.Path("x"), dots, value, default);
}
