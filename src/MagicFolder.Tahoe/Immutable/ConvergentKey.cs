using System.Buffers;
using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>The key that a file, a secret and the encoding parameters determine (tahoe-hashing, section 3). Not safe for concurrent use.</summary>
public sealed class ConvergentKey : IDisposable
{
    private const int ReadSize = 128 * 1024;

    private readonly TaggedHasher _hasher;

    /// <param name="secret">Raw bytes, possibly none.</param>
    /// <param name="size">Size of the file; the segment size that follows from it is part of the key.</param>
    /// <param name="parameters">Of the encoding to come.</param>
    public ConvergentKey(ReadOnlySpan<byte> secret, long size, ChkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var geometry = ChkGeometry.ForWriting(size, parameters);
        var encoding = Encoding.ASCII.GetBytes($"{parameters.K},{parameters.N},{geometry.SegmentSize}");
        var prefix = HashTags.ConvergentKeyPrefix;
        var tag = new byte[prefix.Length + Netstring.EncodedLength(secret.Length) + Netstring.EncodedLength(encoding.Length)];
        prefix.CopyTo(tag);
        var at = prefix.Length;
        at += Netstring.Write(secret, tag.AsSpan(at));
        Netstring.Write(encoding, tag.AsSpan(at));
        _hasher = new TaggedHasher(tag);
    }

    /// <summary>Reads the next <paramref name="size"/> bytes of a file and computes its key.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static async Task<AesKey> ComputeAsync(
        Stream plaintext, long size, ReadOnlyMemory<byte> secret, ChkParameters parameters, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        using var key = new ConvergentKey(secret.Span, size, parameters);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            for (var left = size; left > 0;)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(ReadSize, left));
                await plaintext.ReadExactlyAsync(piece, cancel);
                key.Append(piece.Span);
                left -= piece.Length;
            }

            return key.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Append(ReadOnlySpan<byte> plaintext) => _hasher.Append(plaintext);

    public AesKey Finish()
    {
        Span<byte> key = stackalloc byte[AesKey.Length];
        _hasher.Finish(key);
        return AesKey.From(key);
    }

    public void Dispose() => _hasher.Dispose();
}
