using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Guarding;

public sealed class HeldDeletionTests : IAsyncLifetime
{
    private Neighbourhood _all = null!;

    public async ValueTask InitializeAsync() => _all = await Neighbourhood.StartAsync("alice", "bob");

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AConflictFileThatWentWithAllTheRestDecidesNothing()
    {
        for (int i = 0; i < 60; i++) _all.World.Write("alice", $"d/{i}", $"{i}");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", "x", "of alice");
        _all.World.Write("bob", "x", "of bob");
        await _all.RunAsync("alice", "bob");
        await _all.RunAsync("alice");
        File.Exists(_all.World.At("alice", "x.conflict-bob")).ShouldBeTrue();
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        File.Delete(_all.World.At("alice", "x"));
        File.Delete(_all.World.At("alice", "x.conflict-bob"));
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("vanished here at once", StringComparison.Ordinal));
        await _all.RunAsync("bob");
        File.ReadAllText(_all.World.At("bob", "x")).ShouldBe("of bob");
        File.ReadAllText(_all.World.At("bob", "x.conflict-alice")).ShouldBe("of alice");
    }
}
