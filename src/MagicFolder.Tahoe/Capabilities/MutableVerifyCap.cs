using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Lets its holder find and verify the shares of a mutable file, but not read it.</summary>
public sealed record MutableVerifyCap(MutableFormat Format, StorageIndex StorageIndex, Digest Fingerprint) : FileCap
{
    public override string Kind => Format == MutableFormat.Sdmf ? "SSK-Verifier" : "MDMF-Verifier";

    internal override string Fields => $"{StorageIndex}:{Fingerprint}";

    protected override string Fingerprintable => Short(StorageIndex);

    public override MutableVerifyCap ToVerifyCap() => this;
}
