using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Ignoring;

/// <summary>A file of rules on the disk. It is read again only when it may have changed.</summary>
internal sealed class RuleFile(IDisk disk, RelativePath path)
{
    /// <summary>Longer is no file of rules.</summary>
    internal const int MaxLength = 256 * 1024;

    private DiskSignature? _signature;
    private bool _isKnown;

    internal RelativePath Path => path;

    /// <summary>Its text; empty when it is not there.</summary>
    internal ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>Is it as it was read? Where in doubt, no.</summary>
    internal bool IsStill()
    {
        try
        {
            return _isKnown && disk.StatOrNull(path)?.ToSignature() == _signature;
        }
        catch (DiskException)
        {
            return false;
        }
    }

    /// <param name="nowNs">Nanoseconds since the epoch: a file that was written this very moment is read again the next time.</param>
    /// <exception cref="DiskException">It is no file, or cannot be read, or changed while it was read.</exception>
    /// <exception cref="DamagedBytesException">It is too long.</exception>
    internal void Read(long nowNs)
    {
        _isKnown = false;
        if (disk.StatOrNull(path) is null)
        {
            (Text, _signature, _isKnown) = (default, null, true);
            return;
        }
        using var reader = StableReader.Open(disk, path);
        if (reader.Opened.Size > MaxLength) throw new DamagedBytesException(DamageReason.TooLarge, $"it has more than {MaxLength} bytes");
        var bytes = new byte[MaxLength + 1];
        int length = 0;
        while (length < bytes.Length && reader.Read(bytes.AsSpan(length)) is > 0 and var read) length += read;
        var stat = reader.Confirm() ?? throw new DiskException(DiskFault.Busy, path, $"{path} changed while it was read.");
        (Text, _signature, _isKnown) = (bytes.AsMemory(0, length), stat.ToSignature(), !Racy.IsRacy(stat, nowNs));
    }
}
