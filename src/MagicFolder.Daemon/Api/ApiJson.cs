using System.Text.Json.Serialization;

namespace MagicFolder.Daemon.Api;

/// <summary>How documents are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(FolderDocument))]
[JsonSerializable(typeof(List<ParticipantDocument>))]
[JsonSerializable(typeof(AddRequest))]
[JsonSerializable(typeof(LeftDocument))]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(RestoredDocument))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(List<InviteDocument>))]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(JoinDocument))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(ResolvedDocument))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(EventsDocument))]
[JsonSerializable(typeof(UndoBody))]
[JsonSerializable(typeof(UndoneDocument))]
[JsonSerializable(typeof(CollectRequest))]
[JsonSerializable(typeof(CollectedDocument))]
[JsonSerializable(typeof(RecoveredDocument))]
[JsonSerializable(typeof(ErrorDocument))]
public sealed partial class ApiJson : JsonSerializerContext;
