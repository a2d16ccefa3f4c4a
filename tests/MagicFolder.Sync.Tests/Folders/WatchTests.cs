using System.Threading.Channels;
using MagicFolder.FileSystem.Disks;
using MagicFolder.State;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Folders;

/// <summary>Directories that are kept the same, and what stops one of them for a while.</summary>
public sealed class WatchTests
{
    private readonly Channel<(string Name, string? Reason)> _told = Channel.CreateUnbounded<(string, string?)>();

    [Fact]
    public async Task AStateThatIsInUseStopsOneForAWhile()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        await world.SyncAsync();
        await WatchAsync(world, LocalDisk.Open, async () =>
        {
            Directory.Move(world.At("bob", ".magic-folder"), world.At("bob", "away"));
            await ToldAsync("bob", reason => reason is not null);
            using (OpenWhileStopped(world, "bob")) await ToldAsync("bob", reason => reason is not null && reason.Contains("in use", StringComparison.Ordinal));
            Directory.Move(world.At("bob", "away"), world.At("bob", ".magic-folder"));
            await ToldAsync("bob", reason => reason is null);
        });
    }

    [Fact]
    public async Task WhatNobodyThoughtOfStopsOneForAWhile()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        await world.SyncAsync();
        bool isOdd = false;
        await WatchAsync(world, path => isOdd && path == world.At("bob", "") ? throw new InvalidOperationException("Odd.") : LocalDisk.Open(path), async () =>
        {
            isOdd = true;
            await ToldAsync("bob", reason => reason == "something went wrong that should not (InvalidOperationException: Odd).");
            isOdd = false;
            await ToldAsync("bob", reason => reason is null);
        });
    }

    private async Task WatchAsync(EmbeddedWorld world, Func<string, IDisk> openDisk, Func<Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var environment = new SessionEnvironment(world.Grid, new HastyTime(), EmbeddedWorld.Random, new EngineOptions()) { OpenDisk = openDisk };
        await using var session = await FolderSession.OpenAsync(world.Folder, world.StateDirectory, environment, stop.Token);
        var watch = session.WatchAsync((_, _) => { }, participant => _told.Writer.TryWrite((participant.Name, participant.StopReason)), stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await watch;
    }

    private async Task ToldAsync(string name, Func<string?, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (await _told.Reader.ReadAsync(patience.Token) is var told)
            if (told.Name == name && holds(told.Reason)) return;
    }

    /// <summary>As another command would that runs just then.</summary>
    private static ParticipantDatabase OpenWhileStopped(EmbeddedWorld world, string name)
    {
        while (true)
        {
            try
            {
                return ParticipantDatabase.Open(FolderConfiguration.DatabaseFile(world.StateDirectory, name));
            }
            catch (StateInUseException)
            {
                // It is being tried again just now.
            }
        }
    }

    /// <summary>The time of the system, in which whoever waits long before trying again waits for a moment.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(5) ? TimeSpan.FromMilliseconds(200) : dueTime, period);
    }
}
