using MagicFolder.Model.Blobs;
using MagicFolder.Model.Cbor;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Snapshots;

/// <summary>What a Personal signs about its newest snapshot (docs/formats/snapshot.md, section 3).</summary>
public static class StatementMessage
{
    /// <summary>The exact bytes: a line that sets these signatures apart from all others, then canonical CBOR.</summary>
    public static byte[] For(FolderId folder, ActorId actor, long seq, BlobId snapshot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seq, 1);
        var writer = new CanonicalWriter();
        writer.Array(4);
        writer.Bytes(folder.ToArray());
        writer.Bytes(actor);
        writer.Number(seq);
        writer.Bytes(snapshot);
        return [.. "magic-folder-statement-v1\n"u8, .. writer.ToArray()];
    }
}
