using MagicFolder.State;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Identity;

/// <summary>The way out for whoever was stopped as a second writer.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task ARestoredBackupGoesOnAndLosesNothing()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        cast.World.Write("alice", "other", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string backup = cast.CopyState("backup");
        cast.World.Write("alice", "file", "second");
        cast.World.Write("bob", "of-bob", "new");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        // Disk and state go back; then she edits.
        cast.World.Write("alice", "file", "first");
        cast.World.Delete("alice", "of-bob");
        cast.World.Write("alice", "other", "edited after the restore");
        (await cast.RunOnAsync(backup, "alice")).ShouldHaveSingleItem().ShouldContain("magic-folder recover");

        string aside = StateRecovery.SetStateAside(backup, "alice", TimeProvider.System).ShouldNotBeNull();
        (await cast.RunOnAsync(backup, "alice")).ShouldBeEmpty();
        (await cast.RunAsync("bob")).ShouldBeEmpty();
        (await cast.RunOnAsync(backup, "alice")).ShouldBeEmpty();

        File.Exists(aside).ShouldBeTrue();
        cast.World.Read("alice", "file").ShouldBe("second");
        cast.World.Read("alice", "of-bob").ShouldBe("new");
        Everything(cast, "bob").ShouldContain("edited after the restore");
        Everything(cast, "bob").ShouldBe(Everything(cast, "alice"));
    }

    [Fact]
    public async Task TheOneThatDoesNotRecoverIsStoppedInItsTurn()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string clone = cast.CopyState("clone");
        cast.World.Write("alice", "file", "by the clone");
        (await cast.RunOnAsync(clone, "alice")).ShouldBeEmpty();
        (await cast.RunAsync("alice")).ShouldHaveSingleItem();

        StateRecovery.SetStateAside(cast.World.StateDirectory, "alice", TimeProvider.System).ShouldNotBeNull();
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Write("alice", "file", "by the original");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        (await cast.RunOnAsync(clone, "alice")).ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");
        cast.World.Read("bob", "file").ShouldBe("by the original");
    }

    [Fact]
    public async Task AStateThatIsAtWorkIsNotPutAside()
    {
        using var cast = await Cast.StartAsync("alice");
        await using var session = await cast.OpenAsync(["alice"]);
        Should.Throw<StateInUseException>(() => StateRecovery.SetStateAside(cast.World.StateDirectory, "alice", TimeProvider.System));
    }

    private static string?[] Everything(Cast cast, string name) => [.. cast.World.Names(name).Select(path => cast.World.Read(name, path)).Order(StringComparer.Ordinal)];
}
