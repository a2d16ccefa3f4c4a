namespace MagicFolder.Tahoe.Immutable;

/// <summary>What was wrong with one share while a file was read.</summary>
/// <param name="Share">The share as it was given to the reader: the source tells which server it came from.</param>
/// <param name="Error">A <see cref="DamagedShareException"/>, or what the source threw.</param>
public sealed record ShareTrouble(NumberedShare Share, Exception Error)
{
    /// <summary>Null when the bytes could not be had, so that nothing is known of them.</summary>
    public ShareDamage? Damage => (Error as DamagedShareException)?.Reason;

    public override string ToString() => $"share {Share.Number}: {Error.Message}";
}
