using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Applying;

public sealed class DirectoryMovesTests : IAsyncLifetime
{
    private static readonly RelativePath Old = RelativePath.Parse("old");

    private Neighbourhood _all = null!;

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        for (int i = 0; i < 20; i++) _all.World.Write("alice", $"old/{i % 3}/{i}", $"content {i}");
        _all.World.Write("alice", "other", "other");
        await _all.RunWellAsync("alice", "bob");
    }

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ADirectoryStaysTheSameWithAllThatIsInIt()
    {
        var directory = StatAtBob("old");
        var file = StatAtBob("old/1/4");
        await RenameAsync();
        StatAtBob("new").Inode.ShouldBe(directory.Inode);
        // Not even its ctime is another: nobody has touched it.
        StatAtBob("new/1/4").ShouldBe(file);
        _all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task TheNextLookFindsNothingToDo()
    {
        await RenameAsync();
        string before = HeadOfBob();
        await _all.RunWellAsync("bob", "alice");
        HeadOfBob().ShouldBe(before);
    }

    [Fact]
    public async Task WhatIsIgnoredGoesAlong()
    {
        _all.World.Write("bob", "old/1/.DS_Store", "of this computer");
        await RenameAsync();
        _all.World.Read("bob", "new/1/.DS_Store").ShouldBe("of this computer");
        _all.World.Read("bob", "old/1/.DS_Store").ShouldBeNull();
    }

    [Fact]
    public async Task WhatIsIgnoredOnlyUnderTheFormerNameIsNotBroughtToLight()
    {
        _all.World.Write("bob", ".magic-folder/ignore", "/old/secret\nold/cache/\n");
        _all.World.Write("bob", "old/secret", "of this computer");
        _all.World.Write("bob", "old/cache/x", "of this computer");
        await RenameAsync();
        await _all.RunWellAsync("bob", "alice");
        _all.World.Read("bob", "old/secret").ShouldBe("of this computer");
        _all.World.Read("alice", "new/secret").ShouldBeNull();
        _all.World.Read("alice", "new/cache/x").ShouldBeNull();
        _all.World.Read("bob", "new/1/4").ShouldBe("content 4");
    }

    [Fact]
    public async Task ItIsMovedIntoADirectoryThatIsNewAsWell()
    {
        Directory.CreateDirectory(_all.World.At("alice", "a/b"));
        var file = StatAtBob("old/1/4");
        await RenameAsync("a/b/new");
        StatAtBob("a/b/new/1/4").ShouldBe(file);
        _all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task OneWhoseNameAnotherTakesIsMovedFileByFile()
    {
        _all.World.Write("alice", "second/x", "of the second");
        await _all.RunWellAsync("alice", "bob");
        Directory.Move(_all.World.At("alice", "second"), _all.World.At("alice", "third"));
        Directory.Move(_all.World.At("alice", "old"), _all.World.At("alice", "second"));
        await _all.RunWellAsync("alice", "bob");
        _all.World.Read("bob", "third/x").ShouldBe("of the second");
        _all.World.Read("bob", "second/1/4").ShouldBe("content 4");
        _all.ShouldShowTheSame("alice", "bob");
    }

    private async Task RenameAsync(string to = "new")
    {
        Directory.Move(_all.World.At("alice", Old.ToString()), _all.World.At("alice", to));
        await _all.RunWellAsync("alice", "bob");
    }

    private DiskStat StatAtBob(string path)
    {
        using var disk = LocalDisk.Open(_all.World.At("bob", ""));
        return disk.Stat(RelativePath.Parse(path)).ShouldNotBeNull();
    }

    private string HeadOfBob()
    {
        using var view = _all.World.View("bob");
        return view.Tree().Root.ToString();
    }
}
