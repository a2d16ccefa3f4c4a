namespace MagicFolder.Snapshots.Packing;

/// <summary>How packs are written.</summary>
public sealed record PackOptions
{
    public static readonly PackOptions Default = new();

    private readonly int _targetSize = 16 * 1024 * 1024;

    /// <summary>Bytes to aim at, from 4 KiB to 1 GiB. A pack is larger only when a single blob is.</summary>
    public int TargetSize
    {
        get => _targetSize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4 * 1024);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024 * 1024 * 1024);
            _targetSize = value;
        }
    }

    /// <summary>
    /// Store one pack on a background task while the next one fills. Without it everything happens within the calls, in one order.
    /// </summary>
    public bool Background { get; init; } = true;

    /// <summary>Compress blobs where that helps.</summary>
    public bool Compress { get; init; } = true;
}
