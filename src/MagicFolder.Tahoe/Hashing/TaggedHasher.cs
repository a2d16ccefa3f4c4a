using System.Security.Cryptography;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>
/// A tagged hash over bytes that come in pieces. After <see cref="Finish(Span{byte})"/> it starts again with the same tag, so one object hashes all blocks of a file
/// without allocating. Not safe for concurrent use.
/// </summary>
public sealed class TaggedHasher : IDisposable
{
    private readonly byte[] _prefix;
    private readonly IncrementalHash _hash;

    public TaggedHasher(ReadOnlySpan<byte> tag)
    {
        _prefix = new byte[Netstring.EncodedLength(tag.Length)];
        Netstring.Write(tag, _prefix);
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_prefix);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Gives the leading bytes of the hash (1 to 32 of them) and starts again.</summary>
    public void Finish(Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        _hash.GetHashAndReset(hash);
        SHA256.HashData(hash, hash);
        hash[..destination.Length].CopyTo(destination);
        _hash.AppendData(_prefix);
    }

    public Digest Finish()
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        Finish(hash);
        return Digest.From(hash);
    }

    /// <summary>The hashes of <see cref="Sha256Lanes.Count"/> values of one length that lie side by side, beside what was appended so far.</summary>
    internal void ComputeLanes(ReadOnlySpan<byte> values, int length, Span<byte> hashes)
    {
        Sha256Lanes.Hash(_prefix, values, length, hashes);
        for (var i = 0; i < Sha256Lanes.Count; i++)
        {
            var hash = hashes.Slice(i * Digest.Length, Digest.Length);
            SHA256.HashData(hash, hash);
        }
    }

    public void Dispose() => _hash.Dispose();
}
