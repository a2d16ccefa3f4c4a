using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>The secret that a server asks for before it changes a mutable share. Every server gets another one, so that none can impersonate the writer elsewhere.</summary>
public static class WriteEnabler
{
    /// <param name="key">The write key of the object.</param>
    /// <param name="serverId">20 raw bytes.</param>
    public static Digest Derive(WriteKey key, ReadOnlySpan<byte> serverId)
    {
        if (serverId.Length != LeaseSecrets.ServerIdLength)
        {
            throw new ArgumentException("A server identity is 20 bytes.", nameof(serverId));
        }

        Span<byte> bytes = stackalloc byte[WriteKey.Length];
        key.CopyTo(bytes);
        Span<byte> master = stackalloc byte[Digest.Length];
        TaggedHash.Compute(HashTags.WriteKeyToWriteEnablerMaster, bytes, master);
        return TaggedHash.ComputePair(HashTags.WriteEnabler, master, serverId);
    }
}
