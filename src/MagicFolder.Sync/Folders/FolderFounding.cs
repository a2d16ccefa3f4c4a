using System.Collections.Immutable;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Folders;

/// <summary>Makes new folders and new participants on the grid. Whoever calls says where keys come from: <see cref="MutableKeys.Generate"/>, unless nothing is to be protected.</summary>
public static class FolderFounding
{
    private const int LeaseSecretLength = 32;

    /// <summary>The secret by which this computer renews its leases on a grid.</summary>
    public static ImmutableArray<byte> NewLeaseSecret(IRandomSource random) => [.. Random(random, LeaseSecretLength)];

    /// <summary>Makes a Collective without participants. Its writer is the folder's admin: whoever holds the returned configuration.</summary>
    public static async Task<FolderConfiguration> FoundAsync(
        string name, string gridPath, ImmutableArray<byte> leaseSecret, IGrid grid, Func<MutableKeys> newKeys, IRandomSource random, CancellationToken cancel)
    {
        using var keys = newKeys();
        var folder = FolderId.FromBytes(Random(random, FolderId.Length));
        var collective = new Collective(folder, name, new ChunkingKey(Random(random, ChunkingKey.Length)), Collective.DefaultPackSize, []);
        await grid.CreateMutableAsync(keys, collective.Encode(), cancel);
        return new FolderConfiguration(folder, name, gridPath, leaseSecret, CollectiveAccess.OfAdmin(keys.ToWriteCap()), [])
        {
            CollectiveKey = [.. keys.PrivateKey.Span],
        };
    }

    /// <summary>
    /// Makes participants with empty Personals. The caller saves the result before <see cref="ListAsync"/>, so that nobody is ever listed whose keys are nowhere.
    /// </summary>
    /// <exception cref="RefusedException">This is not the admin's computer, or a name is taken.</exception>
    public static async Task<FolderConfiguration> AddAsync(
        FolderConfiguration folder, IReadOnlyList<(string Name, string Path)> newcomers, IGrid grid, Func<MutableKeys> newKeys, CancellationToken cancel)
    {
        if (newcomers.Count == 0) return folder;
        if (!folder.Collective.IsAdmin) throw new RefusedException("Only the admin of the folder can add a directory; ask for an invite, and join with its code.");
        var (_, collective) = await EditorOf(folder, grid).ReadAsync(cancel);
        foreach (var (name, _) in newcomers) RefuseTaken(collective, name);
        var here = folder.Participants;
        foreach (var (name, path) in newcomers)
        {
            using var keys = newKeys();
            await grid.CreateMutableAsync(keys, ReadOnlyMemory<byte>.Empty, cancel);
            here = here.Add(new LocalParticipant(name, path, [.. keys.PrivateKey.Span]));
        }
        return folder with { Participants = here };
    }

    /// <summary>Brings the Collective to list every participant of this computer; nothing happens when it does.</summary>
    /// <exception cref="RefusedException">Somebody has to be added, and this is not the admin's computer, or the name is taken.</exception>
    public static async Task ListAsync(FolderConfiguration folder, IGrid grid, CancellationToken cancel)
    {
        var editor = EditorOf(folder, grid);
        var (_, before) = await editor.ReadAsync(cancel);
        if (WithAll(before, folder) is null) return;
        await editor.EditAsync(folder.Collective.RequireAdmin("list a participant"), collective => WithAll(collective, folder), cancel);
    }

    /// <summary>Did the list of participants that each one of this computer saw last have it? Then all can go on while the storage shows none.</summary>
    /// <exception cref="DamagedBytesException">A state is damaged, or of a newer format.</exception>
    /// <exception cref="StateStorageException">A state cannot be read.</exception>
    /// <exception cref="RefusedException">A name is taken.</exception>
    public static bool WereListed(FolderConfiguration folder, string stateDirectory) => folder.Participants.All(participant =>
    {
        string file = FolderConfiguration.DatabaseFile(stateDirectory, participant.Name);
        if (!File.Exists(file)) return false;
        using var state = ParticipantDatabase.OpenForReading(file);
        return state.Collective.Read() is { } seen && WithAll(Collective.Decode(seen.Content), folder with { Participants = [participant] }) is null;
    });

    private static CollectiveEditor EditorOf(FolderConfiguration folder, IGrid grid) => new(grid, folder.Folder, folder.Collective);

    /// <summary>Null when all are listed.</summary>
    private static Collective? WithAll(Collective collective, FolderConfiguration folder)
    {
        var listed = collective.Participants;
        foreach (var participant in folder.Participants)
        {
            using var keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
            var personal = keys.ToWriteCap().ToReadCap();
            if (listed.Any(known => known.Personal.Equals(personal))) continue;
            RefuseTaken(collective, participant.Name);
            listed = listed.Add(new Participant(participant.Name, ParticipantRole.ReadWrite, personal, [.. keys.PublicKey.Span], isRemoved: false));
        }
        return listed.Length == collective.Participants.Length ? null : collective.With(listed);
    }

    private static void RefuseTaken(Collective collective, string name)
    {
        if (collective.Participants.FirstOrDefault(known => known.Petname == name) is not { } known) return;
        throw new RefusedException($"The name {name} is taken by a participant{(known.IsRemoved ? " that was removed" : "")}; give another one.");
    }

    private static byte[] Random(IRandomSource random, int length)
    {
        var bytes = new byte[length];
        random.Fill(bytes);
        return bytes;
    }
}
