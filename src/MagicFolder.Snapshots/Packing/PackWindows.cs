using System.Buffers;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Ranges of packs. Keeps a few packs open and a few aligned windows of them in pooled memory, so that many small neighbouring blobs are fetched and
/// verified once. One call at a time.
/// </summary>
internal sealed class PackWindows(IGrid grid, int maxOpenPacks, int maxWindows) : IAsyncDisposable
{
    public const int WindowLength = 1024 * 1024;

    private readonly LeastRecentlyUsed<PackRef, IImmutableFile> _open = new(maxOpenPacks);
    private readonly LeastRecentlyUsed<(PackRef Pack, long Index), byte[]> _windows = new(maxWindows);

    /// <summary>Names a pack in messages: by its storage index, which is no secret.</summary>
    public static string NameOf(PackRef pack) => Cap.TryParse(pack.Reveal(), out var cap) && cap is ChkCap chk ? $"pack {chk.StorageIndex}" : "a pack without storage index";

    /// <exception cref="DamagedBytesException">The range is not within the pack, or the reference is no immutable cap.</exception>
    public async ValueTask ReadAsync(PackRef pack, long offset, Memory<byte> destination, CancellationToken cancel)
    {
        var file = await OpenAsync(pack, cancel);
        if (offset > file.Size || destination.Length > file.Size - offset)
            throw new DamagedBytesException(DamageReason.Malformed, $"A location lies outside of {NameOf(pack)}.");
        while (!destination.IsEmpty)
        {
            long index = offset / WindowLength;
            int at = (int)(offset % WindowLength);
            int windowLength = (int)Math.Min(WindowLength, file.Size - (index * WindowLength));
            int count = Math.Min(destination.Length, windowLength - at);
            // A window that this range takes as a whole is not asked for again.
            if (count == windowLength && !_windows.TryGet((pack, index), out _)) await file.ReadAsync(offset, destination[..count], cancel);
            else (await WindowAsync(file, pack, index, windowLength, cancel)).AsSpan(at, count).CopyTo(destination.Span);
            destination = destination[count..];
            offset += count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (byte[] window in _windows.Values) ArrayPool<byte>.Shared.Return(window);
        _windows.Clear();
        foreach (var file in _open.Values) await file.DisposeAsync();
        _open.Clear();
    }

    private async ValueTask<byte[]> WindowAsync(IImmutableFile file, PackRef pack, long index, int length, CancellationToken cancel)
    {
        if (_windows.TryGet((pack, index), out byte[]? window)) return window;
        window = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await file.ReadAsync(index * WindowLength, window.AsMemory(0, length), cancel);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(window);
            throw;
        }
        if (_windows.Add((pack, index), window, out byte[]? evicted)) ArrayPool<byte>.Shared.Return(evicted);
        return window;
    }

    private async ValueTask<IImmutableFile> OpenAsync(PackRef pack, CancellationToken cancel)
    {
        if (_open.TryGet(pack, out var file)) return file;
        file = await OpenAsync(grid, pack, cancel);
        if (_open.Add(pack, file, out var evicted)) await evicted.DisposeAsync();
        return file;
    }

    /// <exception cref="DamagedBytesException">The reference is no immutable cap.</exception>
    internal static Task<IImmutableFile> OpenAsync(IGrid grid, PackRef pack, CancellationToken cancel) =>
        Cap.TryParse(pack.Reveal(), out var cap) && cap is ImmutableCap immutable
            ? grid.OpenImmutableAsync(immutable, cancel)
            : throw new DamagedBytesException(DamageReason.Malformed, "A location names something that is not an immutable object.");
}
