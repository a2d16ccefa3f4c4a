using System.Buffers;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Reads many contents of one chunk each: those that lie near to one another in a pack are fetched together, and several such stretches at the same time. One flow calls; it alone
/// asks the catalog. Memory: for each thread a stretch of at most 1 MiB and a content.
/// </summary>
/// <param name="blobs">Opens packs.</param>
/// <param name="catalog">Where contents are.</param>
/// <param name="threads">Stretches being read at the same time; with 1 all happens on the caller's thread.</param>
public sealed class SmallContents(BlobReader blobs, IBlobCatalog catalog, int threads)
{
    /// <summary>Longer contents may be more than one chunk.</summary>
    public const int MaxLength = Chunker.MinLength;

    /// <summary>Open for one reading. Contents in more packs than that are hardly near to one another.</summary>
    private const int MostPacks = 16;

    private const int StretchLength = 1 << 20;

    /// <summary>What lies between two contents that are wanted is read as well, up to this.</summary>
    private const int Gap = 32 << 10;

    /// <summary>
    /// Begins to pass each content to <paramref name="use"/>, verified, with its index, on any thread and in any order, while others are passed on other threads. With one thread that
    /// happens when it is finished.
    /// </summary>
    /// <param name="contents">Ids and lengths in bytes.</param>
    /// <param name="use">Must not keep the bytes. What it throws ends the reading.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<SmallContentsReading> BeginAsync(IReadOnlyList<(BlobId Id, int Length)> contents, Action<int, ReadOnlyMemory<byte>> use, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(use);
        var packs = new Dictionary<PackRef, IImmutableFile>();
        try
        {
            var stretches = await PlanAsync(contents, packs, cancel);
            return new SmallContentsReading(catalog, contents.Count, stretches, packs, (stretch, read) => ReadAsync(packs[stretch[0].Location.Pack], stretch, read, use, cancel), threads);
        }
        catch
        {
            foreach (var pack in packs.Values) await pack.DisposeAsync();
            throw;
        }
    }

    /// <summary>In the order of places, cut where the distance is too great.</summary>
    private async Task<List<List<SmallContent>>> PlanAsync(IReadOnlyList<(BlobId Id, int Length)> contents, Dictionary<PackRef, IImmutableFile> packs, CancellationToken cancel)
    {
        var items = new List<SmallContent>();
        for (int i = 0; i < contents.Count; i++)
            if (catalog.Find(contents[i].Id) is [var place, ..] && IsSound(place, contents[i].Length)) items.Add(new SmallContent(i, contents[i].Id, place));
        var stretches = new List<List<SmallContent>>();
        foreach (var inPack in items.GroupBy(item => item.Location.Pack))
        {
            if (packs.Count == MostPacks) break;
            if (await OpenAsync(inPack.Key, cancel) is not { } pack) continue;
            packs.Add(inPack.Key, pack);
            foreach (var item in inPack.OrderBy(item => item.Location.Offset))
            {
                if (item.End > pack.Size) continue;
                if (stretches is [.., var last] && last[0].Location.Pack == inPack.Key && item.Location.Offset - last[^1].End <= Gap && item.End - last[0].Location.Offset <= StretchLength)
                    last.Add(item);
                else stretches.Add([item]);
            }
        }
        return stretches;
    }

    private static bool IsSound(BlobLocation place, int length) =>
        !place.Encoding.IsFramed() && place.PlainLength == length && length <= MaxLength && place.Offset >= 0
        && (place.Encoding.IsDeflated() ? place.StoredLength is >= 0 and <= MaxLength : place.StoredLength == length);

    private async Task<IImmutableFile?> OpenAsync(PackRef pack, CancellationToken cancel)
    {
        try
        {
            return await blobs.OpenPackAsync(pack, cancel);
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            return null;
        }
    }

    private static async Task ReadAsync(IImmutableFile pack, List<SmallContent> stretch, bool[] read, Action<int, ReadOnlyMemory<byte>> use, CancellationToken cancel)
    {
        long start = stretch[0].Location.Offset;
        int length = (int)(stretch.Max(item => item.End) - start);
        byte[] stored = ArrayPool<byte>.Shared.Rent(length);
        byte[] plain = ArrayPool<byte>.Shared.Rent(MaxLength);
        try
        {
            // Each content is verified by its id.
            await pack.ReadUnverifiedAsync(start, stored.AsMemory(0, length), cancel);
            foreach (var item in stretch)
            {
                cancel.ThrowIfCancellationRequested();
                if (!TryDecode(item, stored, (int)(item.Location.Offset - start), plain, out var bytes)) continue;
                use(item.Index, bytes);
                read[item.Index] = true;
            }
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            // Whoever looks at all places says what is wrong with them.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static bool TryDecode(SmallContent item, byte[] stored, int at, byte[] plain, out ReadOnlyMemory<byte> bytes)
    {
        bytes = stored.AsMemory(at, item.Location.StoredLength);
        if (item.Location.Encoding.IsDeflated())
        {
            try
            {
                BlobCompression.Inflate(stored, at, item.Location.StoredLength, plain.AsSpan(0, item.Location.PlainLength));
            }
            catch (DamagedBytesException)
            {
                return false;
            }
            bytes = plain.AsMemory(0, item.Location.PlainLength);
        }
        return BlobId.Of(bytes.Span) == item.Id;
    }
}
