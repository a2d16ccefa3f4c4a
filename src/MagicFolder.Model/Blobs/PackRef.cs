namespace MagicFolder.Model.Blobs;

/// <summary>
/// The read cap of a pack, opaque to the model. It is a secret: <see cref="ToString"/> is redacted. <c>default</c> has an empty text.
/// Equality is that of the text.
/// </summary>
public readonly record struct PackRef
{
    private readonly string? _cap;

    public PackRef(string cap)
    {
        ArgumentException.ThrowIfNullOrEmpty(cap);
        _cap = cap;
    }

    /// <summary>The whole cap string. Never log it.</summary>
    public string Reveal() => _cap ?? "";

    public override string ToString() => "pack";
}
