using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Ignoring;

public sealed class IgnoringTests : IAsyncLifetime
{
    private const string Shared = ".magicignore";
    private const string Local = ".magic-folder/ignore";

    private Neighbourhood _all = null!;

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        // Enough for the deletion guard to mind nothing else.
        for (int i = 0; i < 40; i++) _all.World.Write("alice", $"other/{i}", $"{i}");
    }

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WhatIsIgnoredStaysWhereItIs()
    {
        WriteRules("alice", Shared, "build/\n*.o\n");
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "d/x.o", "built");
        _all.World.Write("alice", "d/x.c", "written");
        _all.World.Write("alice", ".DS_Store", "dropped");
        await _all.RunWellAsync("alice", "bob");
        Shown("bob").ShouldBe([Shared, "d", "d/x.c"]);
    }

    [Fact]
    public async Task TheSharedFileComesBeforeWhatItSpeaksOf()
    {
        WriteRules("alice", Shared, "build/\n");
        await _all.RunWellAsync("alice");
        // Bob joins with files that he has already.
        _all.World.Write("bob", "build/out", "built");
        await _all.RunWellAsync("bob");
        await _all.RunWellAsync("alice");
        Shown("alice").ShouldBe([Shared]);
        using var view = _all.World.View("alice");
        view.Tree().HasDescendants(RelativePath.Parse("build")).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatBecomesIgnoredIsNotDeletedElsewhere()
    {
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "x", "x");
        await _all.RunWellAsync("alice", "bob");
        WriteRules("alice", Shared, "build\n");
        Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        await _all.RunWellAsync("alice", "bob");
        Shown("bob").ShouldBe([Shared, "build", "build/out", "x"]);
        Shown("alice").ShouldBe([Shared, "x"]);
        using var view = _all.World.View("alice");
        view.Tree().HasDescendants(RelativePath.Parse("build")).ShouldBeTrue();
    }

    [Fact]
    public async Task RulesOfOneComputerAreItsOwn()
    {
        _all.World.Write("alice", "music/a", "a");
        _all.World.Write("alice", "music/c", "c");
        await _all.RunWellAsync("alice", "bob");
        WriteRules("bob", Local, "music/\n");
        await _all.RunWellAsync("bob");
        File.Delete(_all.World.At("bob", "music/a"));
        File.Delete(_all.World.At("bob", "music/c"));
        _all.World.Write("alice", "music/a", "newer");
        _all.World.Write("alice", "music/b", "b");
        await _all.RunWellAsync("alice", "bob");
        Shown("alice").ShouldBe(["music", "music/a", "music/b", "music/c"]);
        Shown("bob").ShouldBe(["music"]);
        // And it comes when it is no longer ignored.
        File.Delete(_all.World.At("bob", Local));
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.World.Read("bob", "music/a").ShouldBe("newer");
        _all.World.Read("alice", "music/c").ShouldBe("c");
    }

    [Fact]
    public async Task WhatIsIgnoredHereIsNotMovedAwayForWhatMovedElsewhere()
    {
        _all.World.Write("alice", "build/x", "long enough");
        await _all.RunWellAsync("alice", "bob");
        WriteRules("bob", Local, "build/\n");
        await _all.RunWellAsync("bob");
        File.Move(_all.World.At("alice", "build/x"), _all.World.At("alice", "y"));
        await _all.RunWellAsync("alice", "bob");
        Shown("bob").ShouldBe(["build", "build/x", "y"]);
    }

    [Fact]
    public async Task AnEditMadeMeanwhileFollowsTheVersionThatItWasMadeOf()
    {
        _all.World.Write("alice", "x", "one");
        await _all.RunWellAsync("alice", "bob");
        WriteRules("alice", Local, "x\n");
        await _all.RunWellAsync("alice");
        _all.World.Write("alice", "x", "two");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Read("bob", "x").ShouldBe("one");
        WriteRules("alice", Local, "");
        await _all.RunWellAsync("alice", "bob");
        Shown("bob").ShouldBe(["x"]);
        _all.World.Read("bob", "x").ShouldBe("two");
    }

    [Fact]
    public async Task WhileTheRulesCannotBeReadThoseOfBeforeHold()
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "build/out", "built");
        await _all.RunWellAsync("alice", "bob");
        File.Delete(_all.World.At("alice", Shared));
        Directory.CreateDirectory(_all.World.At("alice", Shared));
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("rules of before stay in force");
        await _all.RunAsync("bob");
        Shown("bob").ShouldNotContain("build");
        _all.World.Write("alice", Shared + "/x", new string('a', 10));
        Directory.Delete(_all.World.At("alice", Shared), recursive: true);
        File.WriteAllBytes(_all.World.At("alice", Shared), new byte[300_000]);
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("more than 262144 bytes");
    }

    [Theory]
    [InlineData("a directory")]
    [InlineData("a link")]
    [InlineData("too long")]
    public async Task WhileTheRulesCannotBeReadWhatIsDeletedCountsByThoseOfBefore(string instead)
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "gone", "x");
        await _all.RunWellAsync("alice", "bob");
        string rules = _all.World.At("alice", Shared);
        File.Delete(rules);
        if (instead == "a directory") Directory.CreateDirectory(rules);
        else if (instead == "a link") File.CreateSymbolicLink(rules, "elsewhere");
        else File.WriteAllBytes(rules, new byte[300_000]);
        Thread.Sleep(40);
        File.Delete(_all.World.At("alice", "gone"));
        Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("rules of before stay in force");
        await _all.RunAsync("bob");
        Shown("bob").ShouldBe([Shared]);
    }

    [Fact]
    public async Task WhileTheRulesCannotBeReadAConflictIsSettledByRemovingItsFile()
    {
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", "x", "of alice");
        _all.World.Write("bob", "x", "of bob");
        await _all.RunWellAsync("alice");
        await _all.RunAsync("bob");
        await _all.RunAsync("alice");
        Directory.CreateDirectory(_all.World.At("alice", Local));
        Thread.Sleep(40);
        File.Delete(_all.World.At("alice", "x.conflict-bob"));
        await _all.RunAsync("alice");
        await _all.RunWellAsync("bob");
        Shown("bob").ShouldBe(["x"]);
        _all.World.Read("bob", "x").ShouldBe("of alice");
    }

    [Fact]
    public async Task TheFileOfThisComputerCountsWhileTheSharedOneCannotBeRead()
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "music/a", "a");
        await _all.RunWellAsync("alice", "bob");
        File.Delete(_all.World.At("alice", Shared));
        Directory.CreateDirectory(_all.World.At("alice", Shared));
        WriteRules("alice", Local, "music/\n");
        Directory.Delete(_all.World.At("alice", "music"), recursive: true);
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("rules of before stay in force");
        await _all.RunAsync("bob");
        Shown("bob").ShouldBe([Shared, "music", "music/a"]);
    }

    [Fact]
    public async Task ARuleThatMakesNoSenseIsToldAndTheOthersHold()
    {
        WriteRules("alice", Shared, "*.o\n[a\n");
        _all.World.Write("alice", "x.o", "built");
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("line 2, '[a', is no pattern");
        await _all.RunAsync("bob");
        Shown("bob").ShouldBe([Shared]);
    }

    [Fact]
    public async Task ADirectoryThatWasDeletedElsewhereStaysForWhatIsIgnoredInIt()
    {
        _all.World.Write("alice", "d/x", "x");
        await _all.RunWellAsync("alice", "bob");
        WriteRules("bob", Local, "*.o\n");
        _all.World.Write("bob", "d/x.o", "built");
        await _all.RunWellAsync("bob");
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        await _all.RunWellAsync("alice", "bob");
        Shown("bob").ShouldBe(["d", "d/x.o"]);
        Shown("alice").ShouldBeEmpty();
        File.Delete(_all.World.At("bob", "d/x.o"));
        await _all.RunWellAsync("bob");
        Shown("bob").ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoeverIgnoresSomethingAndDeletesItAtOnceDeletesItForNobody()
    {
        _all.World.Write("alice", "build/out", "built");
        await _all.RunWellAsync("alice", "bob");
        bool areRead = false, done = false;
        // After the rules were read, before the walk.
        _all.UseDisk("alice", disk => new ActingDisk(disk, (call, path) =>
        {
            areRead |= path == IgnoreRules.SharedFile;
            if (call != nameof(IDisk.List) || !path.IsRoot || !areRead || done) return;
            done = true;
            WriteRules("alice", Shared, "build/\n");
            Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        }));
        await _all.RunWellAsync("alice", "bob");
        done.ShouldBeTrue();
        Shown("bob").ShouldBe([Shared, "build", "build/out"]);
        using var view = _all.World.View("alice");
        view.Tree().HasDescendants(RelativePath.Parse("build")).ShouldBeTrue();
    }

    private string[] Shown(string name) => [.. _all.World.Names(name).Where(path => !path.StartsWith("other", StringComparison.Ordinal))];

    /// <summary>Not of this very moment, in which a file of rules is not trusted yet.</summary>
    private void WriteRules(string name, string file, string rules)
    {
        _all.World.Write(name, file, rules);
        Thread.Sleep(40);
    }

    [Fact]
    public async Task WhatIsDeletedCountsAlsoWhereTheFileOfRulesIsAheadOfTheClock()
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "x", "x");
        await _all.RunWellAsync("alice", "bob");
        _all.Time = ShiftedTime.AYearBehind;
        _all.World.Delete("bob", "x");
        await _all.RunWellAsync("bob");
        await _all.RunWellAsync("alice");
        Shown("alice").ShouldBe([Shared]);
    }

    [Fact]
    public async Task AFileWhosePlaceAnIgnoredDirectoryTookWasDeleted()
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "build", "a file");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Delete("alice", "build");
        _all.World.Write("alice", "build/out", "built");
        await _all.RunWellAsync("alice");
        await _all.RunWellAsync("bob");
        Shown("bob").ShouldBe([Shared]);
        _all.World.Read("alice", "build/out").ShouldBe("built");
    }

    [Fact]
    public async Task ADirectoryWhosePlaceAnIgnoredFileTookWasDeletedWithAllInIt()
    {
        WriteRules("alice", Shared, "core\n!core/\n");
        _all.World.Write("alice", "core/x", "x");
        await _all.RunWellAsync("alice", "bob");
        Directory.Delete(_all.World.At("alice", "core"), recursive: true);
        _all.World.Write("alice", "core", "dumped");
        await _all.RunWellAsync("alice");
        await _all.RunWellAsync("bob");
        Shown("bob").ShouldBe([Shared]);
        _all.World.Read("alice", "core").ShouldBe("dumped");
    }

    [Fact]
    public async Task AnEditElsewhereOfAFileWhosePlaceAnIgnoredDirectoryTookIsKept()
    {
        WriteRules("alice", Shared, "build/\n");
        _all.World.Write("alice", "build", "a file");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", "build", "edited");
        await _all.RunWellAsync("bob");
        _all.World.Delete("alice", "build");
        _all.World.Write("alice", "build/out", "built");
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("what stands here is ignored");
        await _all.RunWellAsync("bob");
        _all.World.Read("bob", "build").ShouldBe("edited");
    }

    [Fact]
    public async Task AConflictFileThatWentWhileItWasIgnoredDecidesNothing()
    {
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", "build/x", "of alice");
        _all.World.Write("bob", "build/x", "of bob");
        await _all.RunWellAsync("alice");
        await _all.RunAsync("bob");
        await _all.RunAsync("alice");
        File.Exists(_all.World.At("alice", "build/x.conflict-bob")).ShouldBeTrue();
        WriteRules("alice", Local, "build/\n");
        await _all.RunAsync("alice");
        Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        await _all.RunAsync("alice");
        File.Delete(_all.World.At("alice", Local));
        await _all.RunAsync("alice");
        await _all.RunAsync("bob");
        File.ReadAllText(_all.World.At("bob", "build/x")).ShouldBe("of bob");
        File.ReadAllText(_all.World.At("bob", "build/x.conflict-alice")).ShouldBe("of alice");
    }

    [Fact]
    public async Task AFileThatTookThePlaceOfADirectoryWaitsForWhatIsIgnoredInIt()
    {
        WriteRules("alice", Shared, "*.o\n");
        _all.World.Write("alice", "d/x", "x");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", "d/out.o", "built");
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        _all.World.Write("alice", "d", "a file now");
        await _all.RunWellAsync("alice");
        (await _all.RunAsync("bob")).ShouldHaveSingleItem().ShouldContain("is still in it");
        File.Exists(_all.World.At("bob", "d/out.o")).ShouldBeTrue();
        Directory.Delete(_all.World.At("bob", "d"), recursive: true);
        await _all.RunWellAsync("bob");
        File.ReadAllText(_all.World.At("bob", "d")).ShouldBe("a file now");
    }

    [Fact]
    public async Task AFileWaitsForAnIgnoredDirectoryThatHasItsName()
    {
        WriteRules("alice", Shared, "build/\n");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", "build/out", "built");
        _all.World.Write("alice", "build", "a file");
        await _all.RunWellAsync("alice");
        (await _all.RunAsync("bob")).ShouldHaveSingleItem().ShouldContain("what stands here is ignored");
        Directory.Delete(_all.World.At("bob", "build"), recursive: true);
        await _all.RunWellAsync("bob");
        File.ReadAllText(_all.World.At("bob", "build")).ShouldBe("a file");
    }
}
