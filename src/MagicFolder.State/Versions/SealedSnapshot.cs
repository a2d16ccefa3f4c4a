using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>
/// The snapshot that is being published, byte for byte: after a crash exactly this is published again. It stays when it is published, in case the storage loses its head.
/// Arrays are not copied and compare by reference.
/// </summary>
/// <param name="Seq">Its number.</param>
/// <param name="Id">The SHA-256 of <paramref name="SnapshotBytes"/>.</param>
/// <param name="SnapshotBytes">Its encoding.</param>
/// <param name="Root">Root of the DMT in it.</param>
/// <param name="HeadBytes">The head that will point to it; null until the packs are stored and it is made.</param>
public sealed record SealedSnapshot(long Seq, BlobId Id, byte[] SnapshotBytes, BlobId Root, byte[]? HeadBytes);
