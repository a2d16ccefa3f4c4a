using System.Text;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using MagicFolder.Sync.Tests.Guarding;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>
/// The admin's computer with alice, and other computers that have nothing of it but the grid: each has a state directory, a lease secret and a process of its own. Each call is a program
/// that starts and ends; they are never open at the same moment.
/// </summary>
internal sealed class InviteWorld : IDisposable
{
    internal static readonly byte[] GridIdentity = Encoding.UTF8.GetBytes("the grid");

    private static readonly IReadOnlyList<MutableKeys> Keys = [.. Enumerable.Range(0, 12).Select(_ => MutableKeys.Generate())];

    private int _given;

    private InviteWorld(EmbeddedWorld world, IGrid others)
    {
        World = world;
        AdminGrid = new FailingGrid(world.Grid);
        OtherGrid = new FailingGrid(others);
        Time.Now = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
        World.Folder.Save(World.StateDirectory);
    }

    internal EmbeddedWorld World { get; }

    internal FailingGrid AdminGrid { get; }

    internal FailingGrid OtherGrid { get; }

    internal SettableTime Time { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<InviteWorld> StartAsync()
    {
        var world = await EmbeddedWorld.StartAsync("alice");
        return new InviteWorld(world, new TahoeGrid([await OpenAsync(world.GridDirectory, Cancel)], OtherSecret, EmbeddedWorld.Random));
    }

    /// <summary>The grid is five directories, of which any two are enough.</summary>
    internal static async Task<InviteWorld> StartSpreadAsync()
    {
        var encoding = new GridEncoding(2, 4, 5);
        var world = await EmbeddedWorld.StartSpreadAsync(encoding, "alice");
        var members = Enumerable.Range(0, encoding.N).Select(i => Path.Combine(world.GridDirectory, $"{i}"))
            .Select(directory => new GridMember(directory, async stop => await OpenAsync(directory, stop)));
        return new InviteWorld(world, new TahoeGrid([.. members], encoding, OtherSecret, EmbeddedWorld.Random, TimeProvider.System));
    }

    private static Task<DirectoryShareServer> OpenAsync(string directory, CancellationToken cancel) =>
        DirectoryShareServer.OpenAsync(directory, TimeProvider.System, EmbeddedWorld.Random, cancel);

    private static ReadOnlySpan<byte> OtherSecret => "the secret of another's computer"u8;

    internal string StateOf(string computer) => World.Outside($"state-of-{computer}");

    internal string DirectoryOf(string computer) => World.Outside($"directory-of-{computer}");

    internal Inviter Inviter() => new(FolderConfiguration.Load(World.StateDirectory), World.StateDirectory, AdminGrid, NextKeys, EmbeddedWorld.Random, Time);

    internal Task<PendingInvite> InviteAsync(string petname, ParticipantRole role = ParticipantRole.ReadWrite) =>
        Inviter().CreateAsync(petname, role, MagicFolder.Sync.Inviting.Inviter.DefaultLifetime, GridIdentity, Cancel);

    internal Task<InvitePass> PickUpAsync() => Inviter().PickUpAsync(Cancel);

    /// <summary>The text of a code, as it is handed over.</summary>
    internal async Task<string> CodeForAsync(string petname) => (await InviteAsync(petname)).Code!.Reveal();

    internal Joiner Joiner(string computer)
    {
        Directory.CreateDirectory(StateOf(computer));
        return new Joiner(StateOf(computer), OtherGrid, NextKeys, EmbeddedWorld.Random, Time);
    }

    internal PendingJoin Begin(string computer, string code, byte[]? grid = null)
    {
        Directory.CreateDirectory(DirectoryOf(computer));
        return Joiner(computer).Begin(
            InviteCode.Parse(code), grid ?? GridIdentity, World.GridDirectory, DirectoryOf(computer), FolderFounding.NewLeaseSecret(EmbeddedWorld.Random));
    }

    /// <summary>Begin and answer.</summary>
    internal async Task<PendingJoin> AnswerAsync(string computer, string code)
    {
        Begin(computer, code);
        return await Joiner(computer).AnswerAsync(Cancel);
    }

    internal Task<FolderConfiguration?> LookAsync(string computer) => Joiner(computer).LookAsync(Cancel);

    /// <summary>Everything, from the invite to the configuration.</summary>
    internal async Task JoinAsync(string computer)
    {
        await AnswerAsync(computer, await CodeForAsync(computer));
        (await PickUpAsync()).Problems.ShouldBeEmpty();
        (await LookAsync(computer)).ShouldNotBeNull();
    }

    /// <summary>One run of the program on the computer of a participant. Returns why it stopped or what is wrong.</summary>
    internal async Task<string[]> SyncAsync(string computer)
    {
        string state = computer == "alice" ? World.StateDirectory : StateOf(computer);
        var environment = new SessionEnvironment(computer == "alice" ? World.Grid : OtherGrid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions());
        await using var session = await FolderSession.OpenAsync(FolderConfiguration.Load(state), state, environment, Cancel);
        await session.RunToRestAsync(Cancel);
        return Identity.Cast.Troubles(session);
    }

    internal string PathOf(string computer, string path) => computer == "alice" ? World.At("alice", path) : Path.Combine(DirectoryOf(computer), path);

    internal void Write(string computer, string path, string text) => File.WriteAllText(PathOf(computer, path), text);

    internal string? Read(string computer, string path) => File.Exists(PathOf(computer, path)) ? File.ReadAllText(PathOf(computer, path)) : null;

    internal async Task<Collective> CollectiveAsync() => Collective.Decode((await World.Grid.ReadMutableAsync(World.Folder.Collective.ReadCap, Cancel)).Content);

    internal async Task<string[]> ListedAsync() => [.. (await CollectiveAsync()).Participants.Select(participant => participant.IsRemoved ? $"({participant})" : $"{participant}")];

    internal MutableKeys NextKeys() => MutableKeys.FromPkcs8(Keys[_given++ % Keys.Count].PrivateKey.Span);

    public void Dispose() => World.Dispose();
}
