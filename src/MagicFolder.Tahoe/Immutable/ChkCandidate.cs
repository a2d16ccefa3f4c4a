using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>A share that a reader may use: not opened yet, opened, or of no use. Safe for concurrent use.</summary>
internal sealed class ChkCandidate(NumberedShare share)
{
    private ChkShareReader? _reader;
    private ShareTrouble? _trouble;

    internal int Number => share.Number;

    /// <summary>Null before it was opened.</summary>
    internal ChkShareReader? Reader => _reader;

    /// <summary>What was wrong with it; damage, once seen, stays. Such a share is the last to be asked.</summary>
    internal ShareTrouble? Trouble => _trouble;

    /// <summary>Its hashes do not verify, so none of its blocks can be.</summary>
    internal bool IsUseless { get; private set; }

    internal async ValueTask<ChkShareReader> OpenAsync(ChkVerifyCap cap, ChkFileFacts? known, CancellationToken cancel)
    {
        try
        {
            return _reader ??= await ChkShareReader.OpenAsync(cap, share, known, cancel);
        }
        catch (DamagedShareException)
        {
            IsUseless = true;
            throw;
        }
    }

    internal void Refuse(DamagedShareException error)
    {
        IsUseless = true;
        Remember(error);
    }

    /// <summary>True if this is the first trouble with it.</summary>
    internal bool Remember(Exception error)
    {
        var before = _trouble;
        if (before?.Damage is null)
        {
            _trouble = new ShareTrouble(share, error);
        }

        return before is null;
    }
}
