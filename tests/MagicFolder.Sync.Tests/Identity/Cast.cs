using MagicFolder.Grid;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Identity;

/// <summary>Participants of one folder whose runs are started one by one, over a storage that may cheat.</summary>
internal sealed class Cast : IDisposable
{
    private Cast(EmbeddedWorld world)
    {
        World = world;
        Grid = new TamperingGrid(world.Grid);
    }

    internal EmbeddedWorld World { get; }

    internal TamperingGrid Grid { get; }

    internal static async Task<Cast> StartAsync(params string[] names) => new(await EmbeddedWorld.StartAsync(names));

    /// <summary>Opens these participants, with the world's state or a copy of it.</summary>
    internal Task<FolderSession> OpenAsync(IEnumerable<string> names, string? state = null) => FolderSession.OpenAsync(
        World.Folder with { Participants = [.. names.Select(World.Participant)] }, state ?? World.StateDirectory,
        new SessionEnvironment(Grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);

    /// <summary>Brings these participants to rest and closes them. Returns why they stopped or what is wrong, as lines "who: what".</summary>
    internal async Task<string[]> RunAsync(params string[] names) => await RunOnAsync(null, names);

    internal async Task<string[]> RunOnAsync(string? state, params string[] names)
    {
        await using var session = await OpenAsync(names, state);
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        return Troubles(session);
    }

    /// <summary>Runs one participant with the key of another.</summary>
    internal async Task<string[]> RunWithKeyAsync(string name, string of)
    {
        var mistaken = World.Participant(name) with { PersonalKey = World.Participant(of).PersonalKey };
        await using var session = await FolderSession.OpenAsync(
            World.Folder with { Participants = [mistaken] }, World.StateDirectory,
            new SessionEnvironment(Grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        return Troubles(session);
    }

    internal static string[] Troubles(FolderSession session) =>
    [
        .. session.Participants.SelectMany(participant => participant.StopReason is { } reason
            ? [$"{participant.Name}: {reason}"]
            : participant.State!.Problems.All().Select(problem => $"{participant.Name}: {problem}")),
    ];

    internal MutableReadCap PersonalOf(string name)
    {
        using var keys = MutableKeys.FromPkcs8(World.Participant(name).PersonalKey.AsSpan());
        return keys.ToWriteCap().ToReadCap();
    }

    /// <summary>What the storage really has.</summary>
    internal Task<MutableVersion> PersonalVersionAsync(string name) => World.Grid.ReadMutableAsync(PersonalOf(name), TestContext.Current.CancellationToken);

    internal async Task<Head> HeadAsync(string name) => Head.Decode((await PersonalVersionAsync(name)).Content);

    /// <summary>As a backup or a clone of the computer would have it.</summary>
    internal string CopyState(string name)
    {
        string copy = World.Outside(name);
        foreach (string file in Directory.EnumerateFiles(World.StateDirectory, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(World.StateDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public void Dispose() => World.Dispose();
}
