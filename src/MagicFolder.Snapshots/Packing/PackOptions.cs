namespace MagicFolder.Snapshots.Packing;

/// <summary>How packs are written.</summary>
public sealed record PackOptions
{
    public static readonly PackOptions Default = new();

    private readonly int _targetSize = 16 * 1024 * 1024;
    private readonly int _underway = 1;

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
    /// Store packs on background tasks while the next one fills. Without it everything happens within the calls, in one order.
    /// </summary>
    public bool Background { get; init; } = true;

    /// <summary>Packs that may be on their way to the grid while the next one fills, from 1; each is held in memory.</summary>
    public int Underway
    {
        get => _underway;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _underway = value;
        }
    }

    /// <summary>Compress blobs where that helps.</summary>
    public bool Compress { get; init; } = true;
}
