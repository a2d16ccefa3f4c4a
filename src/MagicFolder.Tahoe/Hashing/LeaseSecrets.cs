using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>
/// The secrets with which one client renews or cancels its lease on one object at one server (tahoe-hashing, section 5). Both are secrets; each server sees
/// only its own.
/// </summary>
/// <param name="Renew">32 bytes.</param>
/// <param name="Cancel">32 bytes.</param>
public readonly record struct LeaseSecrets(Digest Renew, Digest Cancel)
{
    /// <summary>Server identities are 20 raw bytes (the TubID), also over HTTP.</summary>
    public const int ServerIdLength = 20;

    /// <param name="leaseMaster">The client's lease master secret, normally 32 bytes.</param>
    /// <param name="index">The object.</param>
    /// <param name="serverId">20 raw bytes.</param>
    public static LeaseSecrets Derive(ReadOnlySpan<byte> leaseMaster, StorageIndex index, ReadOnlySpan<byte> serverId)
    {
        if (serverId.Length != ServerIdLength)
        {
            throw new ArgumentException("A server identity is 20 bytes.", nameof(serverId));
        }

        return new LeaseSecrets(
            Derive(leaseMaster, HashTags.ClientRenewalSecret, HashTags.FileRenewalSecret, HashTags.BucketRenewalSecret, index, serverId),
            Derive(leaseMaster, HashTags.ClientCancelSecret, HashTags.FileCancelSecret, HashTags.BucketCancelSecret, index, serverId));
    }

    public override string ToString() => "LeaseSecrets(secret)";

    private static Digest Derive(
        ReadOnlySpan<byte> master,
        ReadOnlySpan<byte> clientValue,
        ReadOnlySpan<byte> fileTag,
        ReadOnlySpan<byte> bucketTag,
        StorageIndex index,
        ReadOnlySpan<byte> serverId)
    {
        Span<byte> indexBytes = stackalloc byte[StorageIndex.Length];
        index.CopyTo(indexBytes);
        Span<byte> hash = stackalloc byte[Digest.Length];
        TaggedHash.Compute(master, clientValue, hash);
        TaggedHash.ComputePair(fileTag, hash, indexBytes, hash);
        TaggedHash.ComputePair(bucketTag, hash, serverId, hash);
        return Digest.From(hash);
    }
}
