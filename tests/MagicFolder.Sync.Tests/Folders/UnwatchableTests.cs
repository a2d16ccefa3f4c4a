using MagicFolder.FileSystem.Watching;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class UnwatchableTests
{
    [Fact]
    public async Task ThatAFolderCannotBeWatchedIsAProblemUntilItCan()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        world.Write("alice", "one", "1");
        (await WatchUntilSettledAsync(world, (directory, time) => FolderWatcher.Start(Path.Combine(directory, "missing"), time)))
            .ShouldHaveSingleItem().Reason.ShouldContain("cannot be watched");
        world.Write("alice", "two", "2");
        (await WatchUntilSettledAsync(world, FolderWatcher.Start)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhereNobodyWatchesItIsNoProblem()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        world.Write("alice", "one", "1");
        await WatchUntilSettledAsync(world, (directory, time) => FolderWatcher.Start(Path.Combine(directory, "missing"), time));
        await world.SyncAsync();
        using var view = world.View("alice");
        view.State.Problems.All().ShouldBeEmpty();
    }

    /// <summary>The problems after the first round of a watch that did something.</summary>
    private static async Task<IReadOnlyList<Problem>> WatchUntilSettledAsync(EmbeddedWorld world, Func<string, TimeProvider, FolderWatcher> listen)
    {
        var environment = new SessionEnvironment(world.Grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions()) { Listen = listen };
        await using var session = await FolderSession.OpenAsync(world.Folder, world.StateDirectory, environment, TestContext.Current.CancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        IReadOnlyList<Problem> problems = [];
        await session.WatchAsync(
            (participant, _) =>
            {
                if (stopping.IsCancellationRequested) return;
                problems = participant.State!.Problems.All();
                stopping.Cancel();
            },
            _ => { },
            stopping.Token);
        return problems;
    }
}
