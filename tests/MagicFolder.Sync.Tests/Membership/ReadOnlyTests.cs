using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Membership;

/// <summary>A participant that only reads: its edits stay with it, and give way to what others make.</summary>
public sealed class ReadOnlyTests : IAsyncLifetime
{
    private Neighbourhood _all = null!;

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        var folder = _all.World.Folder;
        await new CollectiveEditor(_all.Grid, folder.Folder, folder.Collective).EditAsync(
            folder.Collective.RequireAdmin("change a role"),
            collective =>
            {
                var bob = collective.Participants.First(other => other.Petname == "bob");
                return collective.With(collective.Participants.Replace(bob, bob with { Role = ParticipantRole.ReadOnly }));
            },
            TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ItsEditsAndDeletionsStayWithIt()
    {
        _all.World.Write("alice", "edited", "one");
        _all.World.Write("alice", "deleted", "one");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", "edited", "of bob");
        _all.World.Write("bob", "new", "of bob");
        _all.World.Delete("bob", "deleted");
        await _all.RunWellAsync("bob", "alice");
        _all.World.Names("alice").ShouldBe(["deleted", "edited"]);
        _all.World.Read("alice", "edited").ShouldBe("one");
        _all.World.Names("bob").ShouldBe(["edited", "new"]);
        _all.World.Read("bob", "edited").ShouldBe("of bob");
    }

    [Fact]
    public async Task WhatOthersMakeTakesThePlaceAndItsOwnStandsBeside()
    {
        _all.World.Write("alice", "file", "one");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("bob", "file", "of bob");
        await _all.RunWellAsync("bob");
        _all.World.Write("alice", "file", "two");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Read("bob", "file").ShouldBe("two");
        _all.World.Read("bob", "file.conflict-bob").ShouldBe("of bob");
        _all.World.Names("alice").ShouldBe(["file"]);
        // Deciding against it is its own affair, too.
        _all.World.Delete("bob", "file.conflict-bob");
        _all.World.Write("alice", "file", "three");
        await _all.RunWellAsync("bob", "alice");
        _all.World.Names("bob").ShouldBe(["file"]);
        _all.World.Read("bob", "file").ShouldBe("three");
    }
}
