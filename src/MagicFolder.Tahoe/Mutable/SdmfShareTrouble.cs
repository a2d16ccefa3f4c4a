namespace MagicFolder.Tahoe.Mutable;

/// <summary>A mutable share that does not verify, as it was given.</summary>
/// <param name="Share">Its first <see cref="SdmfShare.SignedLength"/> bytes are what a test-and-set that replaces it compares.</param>
/// <param name="Error">What is wrong.</param>
public sealed record SdmfShareTrouble(SdmfNumberedShare Share, DamagedShareException Error)
{
    public override string ToString() => $"share {Share.Number}: {Error.Message}";
}
