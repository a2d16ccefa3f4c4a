using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    private const int MaxKeptKeys = 64;

    // Parsing a private key costs about as much as signing with it, and a computer publishes to few objects again and again.
    private readonly ConcurrentDictionary<WriteKey, MutableKeys> _keys = new();

    /// <summary>All shares of a new version.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.TooLarge"/>.</exception>
    private async Task<VersionToWrite> BuildAsync(MutableKeys keys, MutableFormat format, long seqnum, ReadOnlyMemory<byte> content, int k, int n, CancellationToken cancel)
    {
        if (content.Length > MaxMutableLength(format))
        {
            throw TooLarge(keys.ToWriteCap(format).StorageIndex, content.Length, MaxMutableLength(format));
        }

        if (format == MutableFormat.Sdmf)
        {
            return VersionToWrite.Of(BuildSdmf(keys, seqnum, content.Span, k, n));
        }

        var streams = Streams(n, (content.Length / k) + 1);
        var publication = await MdmfPublisher.PublishAsync(keys, seqnum, StreamOf(content), content.Length, _random, streams, k, cancel);
        return VersionToWrite.Of(publication, streams, isWhole: true);
    }

    private SdmfPublication BuildSdmf(MutableKeys keys, long seqnum, ReadOnlySpan<byte> content, int k, int n)
    {
        Span<byte> iv = stackalloc byte[SdmfPublisher.IvLength];
        _random.Fill(iv);
        return SdmfPublisher.Build(keys, seqnum, content, iv, k, n);
    }

    /// <summary>What differs from a version when a range of it is written in place.</summary>
    private async Task<VersionToWrite> BuildUpdateAsync(
        MdmfVersionShares version, MutableKeys keys, long seqnum, long offset, ReadOnlyMemory<byte> bytes, MutableSurvey survey, CancellationToken cancel)
    {
        try
        {
            var streams = Streams(version.N, bytes.Length / version.K);
            var publication = await MdmfUpdater.UpdateAsync(version, keys, seqnum, offset, StreamOf(bytes), bytes.Length, _random, streams, cancel);
            return VersionToWrite.Of(publication, streams, isWhole: false);
        }
        catch (DamagedShareException e)
        {
            throw survey.TooLittle(e);
        }
    }

    /// <summary>All shares of the best version, under the signature that it has.</summary>
    private static async Task<VersionToWrite> RemakeAsync(MutableSurvey survey, CancellationToken cancel)
    {
        if (survey.Best!.Length > MaxMdmfLength)
        {
            throw TooLarge(survey.Index, survey.Best.Length, MaxMdmfLength);
        }

        try
        {
            if (survey.Best is not MdmfVersionShares mdmf)
            {
                return VersionToWrite.Of(((SdmfVersionShares)survey.Best).Remake());
            }

            var streams = Streams(mdmf.N, mdmf.Length / mdmf.K);
            return VersionToWrite.Of(await MdmfRepairer.RemakeAsync(mdmf, streams, cancel), streams, isWhole: true);
        }
        catch (DamagedShareException e)
        {
            throw survey.TooLittle(e);
        }
    }

    /// <summary>An MDMF layout that is not the usual one can be read, and written anew.</summary>
    private static bool CanBeRemade(MutableVersionShares version) => version is not MdmfVersionShares { CanBeRemade: false };

    private static MemoryStream[] Streams(int n, long capacity) => [.. Enumerable.Range(0, n).Select(_ => new MemoryStream((int)Math.Min(capacity, MaxMdmfLength)))];

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    private MutableKeys KeysOf(MutableWriteCap cap, MutableVersionShares version)
    {
        if (_keys.TryGetValue(cap.WriteKey, out var known))
        {
            return known;
        }

        try
        {
            var keys = version.ReadKeys(cap);
            if (_keys.Count >= MaxKeptKeys)
            {
                _keys.Clear();
            }

            return _keys.GetOrAdd(cap.WriteKey, keys);
        }
        catch (DamagedShareException e)
        {
            throw GridDamage.Describe(e, cap.StorageIndex);
        }
    }
}
