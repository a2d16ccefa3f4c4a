using System.Buffers;
using System.Collections.Concurrent;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// The segments of a version before decryption, gathered from k of its shares, each block verified. A share that fails is passed over for another, and from then on asked last. Safe for
/// concurrent use.
/// </summary>
internal sealed class MdmfSegments(MdmfVersionShares version)
{
    private readonly ConcurrentDictionary<MdmfShareReader, ShareTrouble> _troubles = new();

    internal MdmfGeometry Geometry { get; } = version.First.Header.Geometry;

    internal IReadOnlyList<ShareTrouble> Troubles => [.. _troubles.Values.OrderBy(trouble => trouble.Share.Number)];

    /// <summary>Gathers one segment.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="padded">Gets the ciphertext with its padding: k times the size of a block.</param>
    /// <param name="salt">Gets the salt, 16 bytes.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>; or <see cref="ShareDamage.BadSegment"/>: the writer lied.</exception>
    internal async ValueTask ReadAsync(int segment, Memory<byte> padded, Memory<byte> salt, CancellationToken cancel)
    {
        var length = MdmfGeometry.SaltLength + Geometry.SizeOfBlock(segment);
        var held = new Dictionary<MdmfShareReader, byte[]>();
        try
        {
            var chosen = await GatherAsync(segment, length, held, cancel);
            Assemble(segment, Array.ConvertAll(chosen, reader => (reader.Number, held[reader].AsMemory(0, length))), padded, salt);
        }
        finally
        {
            foreach (var block in held.Values)
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    private async ValueTask<MdmfShareReader[]> GatherAsync(int segment, int length, Dictionary<MdmfShareReader, byte[]> held, CancellationToken cancel)
    {
        var failed = new Dictionary<MdmfShareReader, Exception>();
        while (true)
        {
            var chosen = Choose(failed);
            var missing = Array.FindAll(chosen, reader => !held.ContainsKey(reader));
            if (missing.Length == 0)
            {
                return chosen;
            }

            // Every read is waited for, also after a failure: a buffer must not go back while somebody still writes to it.
            var reads = Array.ConvertAll(missing, reader => TryReadAsync(reader, segment, length, cancel));
            for (var i = 0; i < reads.Length; i++)
            {
                var (block, error) = await reads[i];
                if (error is null)
                {
                    held[missing[i]] = block;
                    continue;
                }

                ArrayPool<byte>.Shared.Return(block);
                failed[missing[i]] = error;
            }

            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The lowest numbers, since primary shares need no decoding; those that have given trouble last. In ascending order.</summary>
    private MdmfShareReader[] Choose(Dictionary<MdmfShareReader, Exception> failed)
    {
        var chosen = version.Readers.Where(reader => !failed.ContainsKey(reader))
            .OrderBy(reader => _troubles.ContainsKey(reader) ? 1 : 0)
            .DistinctBy(reader => reader.Number)
            .Take(version.K)
            .OrderBy(reader => reader.Number)
            .ToArray();
        if (chosen.Length == version.K)
        {
            return chosen;
        }

        var list = string.Concat(failed.OrderBy(entry => entry.Key.Number).Select(entry => $" Share {entry.Key.Number}: {entry.Value.Message}"));
        var inner = failed.Values.FirstOrDefault(error => error is not DamagedShareException) ?? failed.Values.FirstOrDefault();
        throw new DamagedShareException(
            ShareDamage.TooFewShares, $"{version.K} shares are needed, and of the {version.Numbers.Count} at hand {chosen.Length} can be used.{list}", inner);
    }

    private async Task<(byte[] Block, Exception? Error)> TryReadAsync(MdmfShareReader reader, int segment, int length, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await reader.ReadBlockAsync(segment, block.AsMemory(0, length), cancel);
            return (block, null);
        }
        catch (Exception e)
        {
            // What comes of the caller's own wish to stop does not speak against the share.
            if (!cancel.IsCancellationRequested)
            {
                _troubles.TryAdd(reader, new ShareTrouble(reader.Share, e));
            }

            return (block, e);
        }
    }

    private static void Assemble(int segment, (int Number, Memory<byte> SaltAndBlock)[] blocks, Memory<byte> padded, Memory<byte> salt)
    {
        blocks[0].SaltAndBlock[..MdmfGeometry.SaltLength].CopyTo(salt);
        if (Array.Exists(blocks, block => !block.SaltAndBlock.Span[..MdmfGeometry.SaltLength].SequenceEqual(salt.Span)))
        {
            throw new DamagedShareException(ShareDamage.BadSegment, $"The shares do not agree on the salt of segment {segment}: the writer lied.");
        }

        var slots = ErasureDecoding.Arrange(Array.ConvertAll(blocks, block => block.Number));
        var size = padded.Length / blocks.Length;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            blocks[slots[slot]].SaltAndBlock[MdmfGeometry.SaltLength..].CopyTo(padded.Slice(slot * size, size));
        }

        if (blocks.Length > 1)
        {
            new ErasureDecoding(Array.ConvertAll(slots, i => blocks[i].Number)).Decode(padded.Span);
        }
    }
}
