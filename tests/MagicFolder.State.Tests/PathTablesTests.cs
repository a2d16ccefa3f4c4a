using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class PathTablesTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(PathTablesTests));

    public void Dispose() => _state.Dispose();

    [Fact]
    public void ConflictFilesAreFoundByTheirOwnPathAndByTheirMain()
    {
        var bob = Sample.Conflict("d/report.conflict-bob.docx", "d/report.docx", 1);
        var eve = Sample.Conflict("d/report.conflict-eve.docx", "d/report.docx", 2);
        var git = Sample.Conflict(".magic-folder/conflicts/1", "d/.git/index", 3);
        foreach (var file in new[] { eve, bob, git }) _state.ConflictFiles.Put(file);

        _state.ConflictFiles.Find(bob.File).ShouldMatch(bob);
        _state.ConflictFiles.Find(bob.Main).ShouldBeNull();
        _state.ConflictFiles.ForMain(bob.Main).Select(c => c.File).ShouldBe([bob.File, eve.File]);
        _state.ConflictFiles.All().Select(c => c.File).ShouldBe([git.File, bob.File, eve.File]);
        _state.ConflictFiles.Under(Sample.Path("d")).Select(c => c.File).ShouldBe([bob.File, eve.File]);
        _state.ConflictFiles.Count().ShouldBe(3);

        _state.ConflictFiles.Put(bob with { Value = EntryValue.Symlink("x", 1) });
        _state.ConflictFiles.Find(bob.File).ShouldMatch(bob with { Value = EntryValue.Symlink("x", 1) });
        _state.ConflictFiles.Remove(bob.File);
        _state.ConflictFiles.ForMain(bob.Main).Select(c => c.File).ShouldBe([eve.File]);
    }

    [Fact]
    public void PendingPathsBelowADirectoryGoTogether()
    {
        foreach (string path in new[] { "a", "a/b", "a/b/c", "a.b", "d", "d/e", "d/f" }) _state.Pending.Add(Sample.Path(path));
        _state.Records.Put(Sample.Record("d"));
        _state.Records.Put(Sample.Record("d/f"));
        _state.Pending.RemoveUnder(Sample.Path("a"));
        _state.Pending.RemoveRecordedUnder(Sample.Path("d"));
        _state.Pending.Page(null, 10).Select(path => path.ToString()).ShouldBe(["a", "a.b", "d", "d/e"]);
        _state.Pending.RemoveUnder(RelativePath.Root);
        _state.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void WhatANewStateCouldNotLookAtIsASet()
    {
        foreach (string path in new[] { "b", "a/c", "b" }) _state.Unseen.Add(Sample.Path(path));
        _state.Unseen.All().Select(path => path.ToString()).ShouldBe(["a/c", "b"]);
        _state.Unseen.Remove(Sample.Path("b"));
        _state.Unseen.Remove(Sample.Path("b"));
        _state.Unseen.All().ShouldHaveSingleItem().ShouldBe(Sample.Path("a/c"));
    }

    [Fact]
    public void PendingPathsAreASetThatIsReadInPages()
    {
        foreach (string path in new[] { "b", "a/c", "a", "a.b", "b" }) _state.Pending.Add(Sample.Path(path));
        _state.Pending.Add(RelativePath.Root);
        _state.Pending.Count().ShouldBe(5);
        _state.Pending.Any().ShouldBeTrue();
        _state.Pending.Contains(Sample.Path("a")).ShouldBeTrue();
        _state.Pending.Contains(Sample.Path("c")).ShouldBeFalse();
        _state.Pending.Page(null, 3).Select(p => p.ToString()).ShouldBe([".", "a", "a/c"]);
        _state.Pending.Page(Sample.Path("a/c"), 3).Select(p => p.ToString()).ShouldBe(["a.b", "b"]);
        _state.Pending.Page(Sample.Path("b"), 3).ShouldBeEmpty();
        foreach (var path in _state.Pending.Page(null, 10)) _state.Pending.Remove(path);
        _state.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void IntentsComeBackInTheirOrderWithWhatIsAbsentAbsent()
    {
        var create = new ApplyIntent(
            77, IntentKind.Create, Sample.Path("a"), Sample.Path(".magic-folder/1"), Sample.Dots(1, 2), Sample.File(1), null, Sample.Signature(1), null);
        var remove = new ApplyIntent(0, IntentKind.Remove, Sample.Path("b"), Sample.Path(".magic-folder/2"), [], null, Sample.Signature(2), null, null);
        var replace = new ApplyIntent(
            0, IntentKind.Replace, Sample.Path("c.conflict-x"), Sample.Path(".magic-folder/3"), Sample.Dots(3), EntryValue.Directory(1, 0),
            Sample.Signature(3), Sample.Signature(4), Sample.Path("c"));

        var added = new[] { create, remove, replace }.Select(_state.Intents.Add).ToList();
        added.Select(i => i.Id).ShouldBe([1, 2, 3]);
        var read = _state.Intents.All();
        read.Count.ShouldBe(3);
        for (int i = 0; i < 3; i++)
        {
            read[i].Dots.ShouldBe(added[i].Dots);
            (read[i] with { Dots = added[i].Dots }).ShouldBe(added[i]);
        }

        _state.Intents.Remove(2, 2);
        _state.Intents.All().Select(i => i.Id).ShouldBe([1, 3]);
        _state.Intents.Clear();
        _state.Intents.All().ShouldBeEmpty();
        _state.Intents.Add(create).Id.ShouldBe(4, "an id is never used twice");
    }

    [Fact]
    public void LeftoversComeBackUntilRemoved()
    {
        var leftover = new StagedLeftover(Sample.Path(".magic-folder/2"), Sample.Path("a/b"), Sample.Dots(4), Sample.File(4), Sample.Signature(4), 123);
        _state.Leftovers.Put(leftover);
        _state.Leftovers.Put(leftover with { Stage = Sample.Path(".magic-folder/1"), Value = EntryValue.Symlink("t", 2) });
        var read = _state.Leftovers.All();
        read.Select(l => l.Stage.Name).ShouldBe(["1", "2"]);
        read[0].Value.ShouldBe(EntryValue.Symlink("t", 2));
        read[1].Dots.ShouldBe(leftover.Dots);
        (read[1] with { Dots = leftover.Dots }).ShouldBe(leftover);
        _state.Leftovers.Remove(leftover.Stage);
        _state.Leftovers.All().Count.ShouldBe(1);
    }
}
