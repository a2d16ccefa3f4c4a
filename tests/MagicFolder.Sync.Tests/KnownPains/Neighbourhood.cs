using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Identity;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>Participants on real directories, whose disks, storage and clocks a test may replace before it runs them one by one.</summary>
internal sealed class Neighbourhood : IDisposable
{
    private readonly Dictionary<string, Func<IDisk, IDisk>> _disks = [];

    private Neighbourhood(EmbeddedWorld world)
    {
        World = world;
        Grid = world.Grid;
    }

    internal EmbeddedWorld World { get; }

    internal IGrid Grid { get; set; }

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    internal static async Task<Neighbourhood> StartAsync(params string[] names) => new(await EmbeddedWorld.StartAsync(names));

    internal void UseDisk(string name, Func<IDisk, IDisk> around) => _disks[name] = around;

    internal void UsePlainDisk(string name) => _disks.Remove(name);

    /// <summary>Brings these participants to rest and closes them. Returns what is wrong, as lines "who: what".</summary>
    internal async Task<string[]> RunAsync(params string[] names)
    {
        await using var session = await OpenAsync(names);
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        return Cast.Troubles(session);
    }

    /// <summary>The same, and what the deletion guard holds is let go.</summary>
    internal async Task ConfirmAsync(params string[] names)
    {
        await using var session = await OpenAsync(new EngineOptions { ConfirmDeletions = true }, names);
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
    }

    internal Task<FolderSession> OpenAsync(params string[] names) => OpenAsync(new EngineOptions(), names);

    internal Task<FolderSession> OpenAsync(EngineOptions options, params string[] names) => FolderSession.OpenAsync(
        World.Folder with { Participants = [.. names.Select(World.Participant)] }, World.StateDirectory, new SessionEnvironment(Grid, Time, EmbeddedWorld.Random, options) { OpenDisk = OpenDisk },
        TestContext.Current.CancellationToken);

    internal async Task RunWellAsync(params string[] names) => (await RunAsync(names)).ShouldBeEmpty();

    /// <summary>The same names with the same contents here and there, conflict files left out of account.</summary>
    internal void ShouldShowTheSame(params string[] names)
    {
        foreach (string name in names[1..])
        {
            World.Names(name).ShouldBe(World.Names(names[0]));
            foreach (string path in World.Names(name)) World.Read(name, path).ShouldBe(World.Read(names[0], path), path);
        }
    }

    internal string[] Contents(string name) => [.. World.Names(name).Select(path => World.Read(name, path)).OfType<string>().Order(StringComparer.Ordinal)];

    internal MutableReadCap PersonalOf(string name)
    {
        using var keys = MutableKeys.FromPkcs8(World.Participant(name).PersonalKey.AsSpan());
        return keys.ToWriteCap().ToReadCap();
    }

    public void Dispose() => World.Dispose();

    internal IDisk OpenDisk(string directory)
    {
        var disk = LocalDisk.Open(directory);
        return _disks.TryGetValue(Path.GetFileName(directory), out var around) ? around(disk) : disk;
    }
}
