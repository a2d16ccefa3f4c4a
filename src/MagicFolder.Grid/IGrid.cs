using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>
/// The storage, in terms of caps: caps in, bytes out. Everything read is verified against its cap. Safe for concurrent use.
/// Trouble is a <see cref="GridException"/>, which says what kind and whether trying again can help.
/// </summary>
public interface IGrid
{
    /// <summary>
    /// Stores <paramref name="size"/> bytes of <paramref name="content"/> (all that it holds) as LIT or CHK. Idempotent for equal key and content. When it
    /// returns, the shares are durable and this client holds a lease on them.
    /// </summary>
    Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel);

    /// <summary>Finds the shares and verifies the header of an immutable file; the caller disposes of the handle.</summary>
    Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel);

    /// <summary>
    /// Creates a mutable object with seqnum 1. Fails with <see cref="GridFailure.UncoordinatedWrite"/> if it exists, unless as seqnum 1 with the same content: so it may be
    /// repeated when its answer was lost.
    /// </summary>
    Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel);

    /// <summary>The best (newest recoverable) version.</summary>
    Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel);

    /// <summary>
    /// Test-and-set: replaces the version with seqnum <paramref name="expectedSeqnum"/> by a new one with the next seqnum. Fails with
    /// <see cref="GridFailure.UncoordinatedWrite"/> and changes nothing if another version is there. May be repeated when its answer was lost: if the next seqnum is
    /// there with the same content, that is success.
    /// </summary>
    Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel);

    /// <summary>
    /// Writes a mutable object again of which no version verifies: nothing is there, or what is there is damaged. Fails with <see cref="GridFailure.UncoordinatedWrite"/> and
    /// changes nothing if a version does verify, unless it is this one.
    /// </summary>
    Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel);

    /// <summary>Adds or renews this client's lease. Returns whether all shares of the object are there and leased.</summary>
    Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel);
}

/// <summary>A version of a mutable object as read.</summary>
/// <param name="Seqnum">From 1.</param>
/// <param name="Content">The plain bytes.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo DER whose fingerprint is in the cap.</param>
public sealed record MutableVersion(long Seqnum, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> PublicKey);
