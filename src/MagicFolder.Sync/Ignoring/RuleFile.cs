using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Ignoring;

/// <summary>A file of rules on the disk. It is read again only when it may have changed, or could not be read.</summary>
internal sealed class RuleFile(IDisk disk, RelativePath path, Settling settling)
{
    /// <summary>Longer is no file of rules.</summary>
    internal const int MaxLength = 256 * 1024;

    /// <summary>What stood there at the last look: null for nothing, <c>default</c> where the disk does not tell.</summary>
    private DiskSignature? _last;
    private bool _isSettled;

    internal RelativePath Path => path;

    /// <summary>Its text; empty when it is not there.</summary>
    internal ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>Why its text could not be taken: it is no file, is too long, cannot be read, or changed while it was read. Null when it was.</summary>
    internal string? Trouble { get; private set; }

    /// <summary>Does the same stand there as at the last look, readable or not? Where in doubt, no.</summary>
    internal bool IsStill()
    {
        if (!_isSettled) return false;
        try
        {
            return disk.StatOrNull(path)?.ToSignature() == _last;
        }
        catch (DiskException)
        {
            return _last == default(DiskSignature);
        }
    }

    /// <summary>What was written this very moment is read again the next time.</summary>
    internal void Read()
    {
        var lookedAt = settling.Now();
        (_last, _isSettled, Trouble) = (default(DiskSignature), true, null);
        try
        {
            var stat = disk.StatOrNull(path);
            _last = stat?.ToSignature();
            _isSettled = stat is null || !settling.IsRacy(path, stat.Value, lookedAt);
            Text = stat is null ? default : ReadText();
        }
        catch (DiskException e)
        {
            Trouble = DiskTrouble.Reason(e.Fault);
            // What is in the way may pass, and then what stands there is read.
            if (e.Fault is DiskFault.Busy or DiskFault.TooManyOpenFiles) _isSettled = false;
        }
        catch (DamagedBytesException e)
        {
            Trouble = e.Message;
        }
    }

    private ReadOnlyMemory<byte> ReadText()
    {
        using var reader = StableReader.Open(disk, path);
        if (reader.Opened.Size > MaxLength) throw new DamagedBytesException(DamageReason.TooLarge, $"it has more than {MaxLength} bytes");
        var bytes = new byte[MaxLength + 1];
        int length = 0;
        while (length < bytes.Length && reader.Read(bytes.AsSpan(length)) is > 0 and var read) length += read;
        if (reader.Confirm() is null) throw new DiskException(DiskFault.Busy, path, $"{path} changed while it was read.");
        return bytes.AsMemory(0, length);
    }
}
