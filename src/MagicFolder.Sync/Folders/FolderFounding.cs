using System.Collections.Immutable;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
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
        return new FolderConfiguration(folder, name, gridPath, leaseSecret, keys.ToWriteCap(), []);
    }

    /// <summary>
    /// Makes participants with empty Personals. The caller saves the result before <see cref="ListAsync"/>, so that nobody is ever listed whose keys are nowhere.
    /// </summary>
    public static async Task<FolderConfiguration> AddAsync(
        FolderConfiguration folder, IReadOnlyList<(string Name, string Path)> newcomers, IGrid grid, Func<MutableKeys> newKeys, CancellationToken cancel)
    {
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
    public static async Task ListAsync(FolderConfiguration folder, IGrid grid, CancellationToken cancel)
    {
        var version = await grid.ReadMutableAsync(folder.Collective.ToReadCap(), cancel);
        var collective = Collective.Decode(version.Content);
        var listed = collective.Participants;
        foreach (var participant in folder.Participants)
        {
            using var keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
            var personal = keys.ToWriteCap().ToReadCap();
            if (listed.Any(known => known.Personal.Equals(personal))) continue;
            listed = listed.Add(new Participant(participant.Name, ParticipantRole.ReadWrite, personal, [.. keys.PublicKey.Span], isRemoved: false));
        }
        if (listed.Length == collective.Participants.Length) return;
        await grid.PublishMutableAsync(folder.Collective, version.Seqnum, collective.With(listed).Encode(), cancel);
    }

    private static byte[] Random(IRandomSource random, int length)
    {
        var bytes = new byte[length];
        random.Fill(bytes);
        return bytes;
    }
}
