using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class NothingToDoTests
{
    /// <summary>A look that finds nothing costs no flush, and no wear.</summary>
    [Fact]
    public async Task WhereNothingChangedTheStateIsNotWrittenTo()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x", "one");
        await world.SyncAsync();
        // What was too fresh to be trusted is read once more, and that is noted.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await world.SyncAsync();
        var before = Written(world);

        await world.SyncAsync();

        Written(world).ShouldBe(before);
    }

    private static DateTime[] Written(EmbeddedWorld world) =>
        [.. new[] { "alice", "bob" }.Select(name => File.GetLastWriteTimeUtc(FolderConfiguration.DatabaseFile(world.StateDirectory, name)))];
}
