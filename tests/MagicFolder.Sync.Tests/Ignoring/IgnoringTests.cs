using MagicFolder.FileSystem.Disks;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Ignoring;

public sealed class IgnoringTests : IAsyncLifetime
{
    private const string Shared = ".magicignore";
    private const string Local = ".magic-folder/ignore";

    private Neighbourhood _all = null!;

    public async ValueTask InitializeAsync() => _all = await Neighbourhood.StartAsync("alice", "bob");

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WhatIsIgnoredStaysWhereItIs()
    {
        _all.World.Write("alice", Shared, "build/\n*.o\n");
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "d/x.o", "built");
        _all.World.Write("alice", "d/x.c", "written");
        _all.World.Write("alice", ".DS_Store", "dropped");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Names("bob").ShouldBe([Shared, "d", "d/x.c"]);
    }

    [Fact]
    public async Task TheSharedFileComesBeforeWhatItSpeaksOf()
    {
        _all.World.Write("alice", Shared, "build/\n");
        await _all.RunWellAsync("alice");
        // Bob joins with files that he has already.
        _all.World.Write("bob", "build/out", "built");
        await _all.RunWellAsync("bob");
        await _all.RunWellAsync("alice");
        _all.World.Names("alice").ShouldBe([Shared]);
    }

    [Fact]
    public async Task WhatBecomesIgnoredIsNotDeletedElsewhere()
    {
        _all.World.Write("alice", "build/out", "built");
        _all.World.Write("alice", "x", "x");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", Shared, "build\n");
        Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        await _all.RunWellAsync("alice", "bob");
        _all.World.Names("bob").ShouldBe([Shared, "build", "build/out", "x"]);
        _all.World.Names("alice").ShouldBe([Shared, "x"]);
    }

    [Fact]
    public async Task RulesOfOneComputerAreItsOwn()
    {
        _all.World.Write("alice", "music/a", "a");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", Local, "music/\n");
        await _all.RunWellAsync("bob");
        File.Delete(_all.World.At("bob", "music/a"));
        _all.World.Write("alice", "music/a", "newer");
        _all.World.Write("alice", "music/b", "b");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Names("alice").ShouldBe(["music", "music/a", "music/b"]);
        _all.World.Names("bob").ShouldBe(["music"]);
        // And it comes when it is no longer ignored.
        File.Delete(_all.World.At("bob", Local));
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.World.Read("bob", "music/a").ShouldBe("newer");
    }

    [Fact]
    public async Task AnEditMadeMeanwhileFollowsTheVersionThatItWasMadeOf()
    {
        _all.World.Write("alice", "x", "one");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", Local, "x\n");
        await _all.RunWellAsync("alice");
        _all.World.Write("alice", "x", "two");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Read("bob", "x").ShouldBe("one");
        _all.World.Write("alice", Local, "");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Names("bob").ShouldBe(["x"]);
        _all.World.Read("bob", "x").ShouldBe("two");
    }

    [Fact]
    public async Task WhileTheRulesCannotBeReadThoseOfBeforeHold()
    {
        _all.World.Write("alice", Shared, "build/\n");
        _all.World.Write("alice", "build/out", "built");
        await _all.RunWellAsync("alice", "bob");
        File.Delete(_all.World.At("alice", Shared));
        Directory.CreateDirectory(_all.World.At("alice", Shared));
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("rules of before stay in force");
        await _all.RunAsync("bob");
        _all.World.Names("bob").ShouldNotContain("build");
        _all.World.Write("alice", Shared + "/x", new string('a', 10));
        Directory.Delete(_all.World.At("alice", Shared), recursive: true);
        File.WriteAllBytes(_all.World.At("alice", Shared), new byte[300_000]);
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("more than 262144 bytes");
    }

    [Fact]
    public async Task ARuleThatMakesNoSenseIsToldAndTheOthersHold()
    {
        _all.World.Write("alice", Shared, "*.o\n[a\n");
        _all.World.Write("alice", "x.o", "built");
        (await _all.RunAsync("alice")).ShouldHaveSingleItem().ShouldContain("line 2, '[a', is no pattern");
        await _all.RunAsync("bob");
        _all.World.Names("bob").ShouldBe([Shared]);
    }

    [Fact]
    public async Task ADirectoryThatWasDeletedElsewhereStaysForWhatIsIgnoredInIt()
    {
        _all.World.Write("alice", "d/x", "x");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", Local, "*.o\n");
        _all.World.Write("bob", "d/x.o", "built");
        await _all.RunWellAsync("bob");
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        await _all.RunWellAsync("alice", "bob");
        _all.World.Names("bob").ShouldBe(["d", "d/x.o"]);
        _all.World.Names("alice").ShouldBeEmpty();
        File.Delete(_all.World.At("bob", "d/x.o"));
        await _all.RunWellAsync("bob");
        _all.World.Names("bob").ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoeverIgnoresSomethingAndDeletesItAtOnceDeletesItForNobody()
    {
        _all.World.Write("alice", "build/out", "built");
        await _all.RunWellAsync("alice", "bob");
        bool done = false;
        // After the rules were read, before the walk.
        _all.UseDisk("alice", disk => new ActingDisk(disk, (call, path) =>
        {
            if (call != nameof(IDisk.List) || !path.IsRoot || done) return;
            done = true;
            _all.World.Write("alice", Shared, "build/\n");
            Directory.Delete(_all.World.At("alice", "build"), recursive: true);
        }));
        await _all.RunWellAsync("alice", "bob");
        done.ShouldBeTrue();
        _all.World.Names("bob").ShouldBe([Shared, "build", "build/out"]);
    }
}
