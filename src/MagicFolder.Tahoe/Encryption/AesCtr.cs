using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Encryption;

/// <summary>
/// AES-128 in counter mode with random access: the counter is one big-endian integer of 128 bits, zero at offset 0 (tahoe-hashing, section 1). Encrypting and
/// decrypting are the same. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// The platform has no counter mode. Where the processor has instructions that are known here, they are used (<see cref="AesInstructions"/>). Elsewhere counters are encrypted in batches with ECB, so
/// that the cost of a call is spread over many blocks and the AES instructions are kept full. One transform serves all batches: the calls that take spans make a new one each time.
/// </remarks>
public sealed class AesCtr : IDisposable
{
    private const int BlockSize = 16;

    /// <summary>Small enough to stay in the cache nearest the core together with the data, large enough to hide the cost of a call.</summary>
    private const int BatchSize = 32 * 1024;

    private readonly AesInstructions? _instructions;
    private readonly Aes? _aes;
    private readonly ICryptoTransform? _encryptor;
    private bool _isDisposed;

    public AesCtr(AesKey key)
        : this(key, AesInstructions.IsSupported)
    {
    }

    /// <param name="key">The key.</param>
    /// <param name="withInstructions">By the processor's instructions, which it must have, or by the platform.</param>
    internal AesCtr(AesKey key, bool withInstructions)
    {
        Span<byte> bytes = stackalloc byte[AesKey.Length];
        key.CopyTo(bytes);
        if (withInstructions)
        {
            _instructions = new AesInstructions(bytes);
        }
        else
        {
            _aes = Aes.Create();
            _aes.Mode = CipherMode.ECB;
            _aes.Padding = PaddingMode.None;
            _aes.SetKey(bytes);
            _encryptor = _aes.CreateEncryptor();
        }

        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>One use of a key.</summary>
    public static void Transform(AesKey key, long offset, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using var cipher = new AesCtr(key);
        cipher.Transform(offset, source, destination);
    }

    /// <summary>Transforms bytes that stand at <paramref name="offset"/> of the stream.</summary>
    /// <param name="offset">In bytes, not negative; need not be a multiple of the block size.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as long; may be the same memory, but not overlap otherwise.</param>
    public void Transform(long offset, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var skip = (int)(offset % BlockSize);
        var counter = (ulong)(offset / BlockSize);
        if (_instructions is { } instructions)
        {
            Transform(instructions, counter, skip, source, destination);
        }
        else
        {
            TransformByPlatform(_encryptor!, counter, skip, source, destination);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _instructions?.Dispose();
        _encryptor?.Dispose();
        _aes?.Dispose();
    }

    private static void Transform(AesInstructions instructions, ulong counter, int skip, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (skip > 0)
        {
            Span<byte> block = stackalloc byte[BlockSize];
            var take = Math.Min(source.Length, BlockSize - skip);
            source[..take].CopyTo(block[skip..]);
            instructions.Transform(counter, block, block);
            block.Slice(skip, take).CopyTo(destination);
            source = source[take..];
            destination = destination[take..];
            counter++;
        }

        instructions.Transform(counter, source, destination);
    }

    private static void TransformByPlatform(ICryptoTransform encryptor, ulong counter, int skip, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BatchSize, ((long)skip + source.Length + BlockSize - 1) / BlockSize * BlockSize));
        try
        {
            while (!source.IsEmpty)
            {
                var take = Math.Min(source.Length, BatchSize - skip);
                var stream = buffer.AsSpan(0, (skip + take + BlockSize - 1) / BlockSize * BlockSize);
                WriteCounters(stream, ref counter);
                encryptor.TransformBlock(buffer, 0, stream.Length, buffer, 0);
                Xor(source[..take], stream.Slice(skip, take), destination);
                source = source[take..];
                destination = destination[take..];
                skip = 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>A file offset of 63 bits never reaches the upper half of the counter.</summary>
    private static void WriteCounters(Span<byte> destination, ref ulong counter)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(destination);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            words[i] = 0;
            words[i + 1] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(counter) : counter;
            counter++;
        }
    }

    private static void Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        var at = 0;
        for (; at + Vector<byte>.Count <= left.Length; at += Vector<byte>.Count)
        {
            (new Vector<byte>(left[at..]) ^ new Vector<byte>(right[at..])).CopyTo(destination[at..]);
        }

        for (; at < left.Length; at++)
        {
            destination[at] = (byte)(left[at] ^ right[at]);
        }
    }
}
