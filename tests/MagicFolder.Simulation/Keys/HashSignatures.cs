using System.Security.Cryptography;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Simulation.Keys;

/// <summary>
/// Signatures without a secret: the hash of identity and message. RSA-PSS is salted, so that the ids of snapshots would differ from one run of a seed to the next; and
/// it costs a tenth of all time. Nobody here forges.
/// </summary>
internal sealed class HashSignatures(Digest identity) : ISignatureScheme
{
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[StatementSignature.Length];
        Hash(message, signature);
        return signature;
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(message, expected);
        return signature.StartsWith(expected);
    }

    private void Hash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(identity.ToArray());
        hash.AppendData(message);
        hash.GetHashAndReset(destination);
    }
}
