using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Reads blobs by id from wherever the catalog knows them. Nothing is returned that does not hash to its id; a place that is dead, damaged or wrong falls back to
/// the next one. One call at a time; memory is bounded by the options and one blob.
/// </summary>
public sealed class BlobReader : IAsyncDisposable
{
    private readonly IBlobCatalog _catalog;
    private readonly PackWindows _windows;
    private readonly IGrid _grid;

    public BlobReader(IGrid grid, IBlobCatalog catalog, BlobReaderOptions? options = null)
    {
        options ??= BlobReaderOptions.Default;
        _catalog = catalog;
        _grid = grid;
        _windows = new PackWindows(grid, options.MaxOpenPacks, options.MaxWindows);
    }

    /// <summary>The bytes that <paramref name="id"/> names; the caller disposes of them.</summary>
    /// <exception cref="GridException">
    /// No known place has it. <see cref="GridFailure.NotFound"/> when none is known; transient when trying again may help; the message names the blob and
    /// the last pack by storage index.
    /// </exception>
    public async ValueTask<BlobBytes> ReadAsync(BlobId id, CancellationToken cancel = default)
    {
        var failures = new PlaceFailures(id);
        foreach (var location in _catalog.Find(id).Concat(_catalog.FindLost(id)))
        {
            try
            {
                return await ReadAtAsync(id, location, cancel);
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                failures.Add(location.Pack, e);
            }
        }
        throw failures.ToException();
    }

    /// <summary>A blob with its table: at <paramref name="hint"/> first, then wherever it is known, framed forms before bare ones.</summary>
    internal async ValueTask<FramedBlob> ReadFramedAsync(BlobId id, BlobLocation? hint, CancellationToken cancel)
    {
        var failures = new PlaceFailures(id);
        foreach (var location in Candidates(id, hint))
        {
            try
            {
                return await ReadFramedAtAsync(id, location, cancel);
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                failures.Add(location.Pack, e);
            }
        }
        throw failures.ToException();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private List<BlobLocation> Candidates(BlobId id, BlobLocation? hint)
    {
        var places = new List<BlobLocation>();
        if (hint is { } first) places.Add(first);
        var known = _catalog.Find(id).Concat(_catalog.FindLost(id)).ToArray();
        foreach (var location in known)
            if (location.Encoding.IsFramed() && location != hint) places.Add(location);
        foreach (var location in known)
            if (!location.Encoding.IsFramed() && location != hint) places.Add(location);
        return places;
    }

    /// <summary>A blob from this place and no other.</summary>
    internal async ValueTask<BlobBytes> ReadAtAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        var bytes = await DecodeAsync(location, cancel);
        try
        {
            if (location.Encoding.IsFramed()) bytes.Narrow(Split(bytes.Memory, id).Named);
            Verify(id, bytes.Memory.Span);
            // Of a frame the table would have to be checked, too.
            if (!location.Encoding.IsFramed()) _catalog.Confirm(id, location);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>A blob with its table from this place and no other.</summary>
    internal async ValueTask<FramedBlob> ReadFramedAtAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        using var bytes = await DecodeAsync(location, cancel);
        var (named, table) = location.Encoding.IsFramed() ? Split(bytes.Memory, id) : (bytes.Memory, default(ReadOnlyMemory<byte>?));
        Verify(id, named.Span);
        return new FramedBlob(named.ToArray(), table?.ToArray(), location);
    }

    /// <summary>A pack for reading at will, also by several at the same time; the caller disposes of it.</summary>
    internal Task<IImmutableFile> OpenPackAsync(PackRef pack, CancellationToken cancel) => PackWindows.OpenAsync(_grid, pack, cancel);

    /// <summary>Fills <paramref name="plain"/> with what lies at a place of an opened pack, not verified yet. Safe for concurrent use.</summary>
    /// <param name="pack">The pack of the place.</param>
    /// <param name="location">Its plain length is that of <paramref name="plain"/>.</param>
    /// <param name="plain">What a failure leaves in it must not be used.</param>
    /// <param name="cancel">Ends the reading.</param>
    internal static async ValueTask DecodeAsync(IImmutableFile pack, BlobLocation location, Memory<byte> plain, CancellationToken cancel)
    {
        CheckLimits(location);
        if (location.Offset > pack.Size || location.StoredLength > pack.Size - location.Offset)
            throw new DamagedBytesException(DamageReason.Malformed, $"A location lies outside of {PackWindows.NameOf(location.Pack)}.");
        if (!location.Encoding.IsDeflated())
        {
            await pack.ReadUnverifiedAsync(location.Offset, plain, cancel);
            return;
        }
        using var stored = new BlobBytes(location.StoredLength);
        await pack.ReadUnverifiedAsync(location.Offset, stored.Buffer.AsMemory(0, location.StoredLength), cancel);
        BlobCompression.Inflate(stored.Buffer, stored.Length, plain.Span);
    }

    private async ValueTask<BlobBytes> DecodeAsync(BlobLocation location, CancellationToken cancel)
    {
        CheckLimits(location);
        var stored = new BlobBytes(location.StoredLength);
        try
        {
            await _windows.ReadAsync(location.Pack, location.Offset, stored.Buffer.AsMemory(0, location.StoredLength), cancel);
            if (!location.Encoding.IsDeflated()) return stored;
        }
        catch
        {
            stored.Dispose();
            throw;
        }
        using (stored) return Inflate(stored, location.PlainLength);
    }

    private static BlobBytes Inflate(BlobBytes stored, int plainLength)
    {
        var plain = new BlobBytes(plainLength);
        try
        {
            BlobCompression.Inflate(stored.Buffer, stored.Length, plain.Buffer.AsSpan(0, plainLength));
            return plain;
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }

    private static void CheckLimits(BlobLocation location)
    {
        if (location.Encoding > BlobEncoding.FramedDeflate)
            throw new DamagedBytesException(DamageReason.NewerFormat, $"A blob in {PackWindows.NameOf(location.Pack)} has an encoding that this program does not know.");
        if (location.Offset < 0 || location.StoredLength < 0 || location.PlainLength < 0
            || (!location.Encoding.IsDeflated() && location.StoredLength != location.PlainLength))
            throw new DamagedBytesException(DamageReason.Malformed, $"A location in {PackWindows.NameOf(location.Pack)} contradicts itself.");
        if (location.StoredLength > BlobLimits.MaxPlainLength || location.PlainLength > BlobLimits.MaxPlainLength)
            throw new DamagedBytesException(DamageReason.TooLarge, $"A blob in {PackWindows.NameOf(location.Pack)} is larger than any blob may be.");
    }

    private static (ReadOnlyMemory<byte> Named, ReadOnlyMemory<byte>? Table) Split(ReadOnlyMemory<byte> frame, BlobId id) =>
        BlobFrame.TrySplit(frame, out var named, out var table)
            ? (named, table)
            : throw new DamagedBytesException(DamageReason.Malformed, $"Blob {id} is not a frame.");

    private static void Verify(BlobId id, ReadOnlySpan<byte> named)
    {
        if (BlobId.Of(named) != id) throw new DamagedBytesException(DamageReason.WrongHash, $"What lies at a place of blob {id} is something else.");
    }
}
