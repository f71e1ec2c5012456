/** Identity and access management: who is there, letting somebody in, what a group may do. */

import { whole } from "../calls.js";
import { element } from "../dom.js";
import { note } from "../draw/notes.js";
import { table } from "../draw/table.js";
import { withFault } from "../faults.js";
import { javascript } from "../print.js";

/** What can be listed: the operation, the member that holds the items, and the columns worth seeing. */
const LISTS = {
  listProjects: { member: "projects", columns: ["name", "id", "enabled"], text: { en: "Projects", zh: "项目" } },
  listUsers: { member: "users", columns: ["name", "id", "enabled"], text: { en: "Users", zh: "用户" } },
  listGroups: { member: "groups", columns: ["name", "id", "description"], text: { en: "Groups", zh: "用户组" } },
  listPermissions: { member: "roles", columns: ["display_name", "name", "id"], text: { en: "Permissions", zh: "权限" } },
  listAccounts: { member: "domains", columns: ["name", "id", "enabled"], text: { en: "Accounts", zh: "账号" } },
  listAccessKeys: {
    member: "credentials",
    columns: ["access", "status", "user_id"],
    text: { en: "Access keys", zh: "访问密钥" },
  },
};
const CREDENTIAL = {
  name: "credential",
  kind: "choice",
  label: { en: "Calling with", zh: "认证方式" },
  value: "accessKey",
  options: {
    accessKey: { en: "an access key (signed)", zh: "AK/SK 签名" },
    password: { en: "name and password (a token is fetched)", zh: "用户名密码（自动获取 token）" },
  },
};

const lists = {
  id: "lists",
  title: { en: "Who is there", zh: "查看" },
  about: { en: "Every operation of IAM is a method of client.iam.", zh: "IAM 的每个接口都是 client.iam 的一个方法。" },
  credential: ({ credential }) => credential,
  fields: [
    { name: "what", kind: "choice", label: { en: "List", zh: "列出" }, value: "listUsers", options: textsOf(LISTS) },
    CREDENTIAL,
  ],
  code: (
    { what },
    _info,
    fault,
  ) => `const { ${LISTS[what].member} } = await client.iam.${what}(${fault ? `{}, ${javascript(withFault(fault))}` : ""});
console.log(${LISTS[what].member});`,
  async run({ what }, { client, options, view }) {
    const answer = await client.iam[what]({}, options());
    const { member, columns } = LISTS[what];
    view.raw(answer);
    view.add(table(answer[member], columns));
  },
};

function textsOf(lists) {
  return Object.fromEntries(Object.entries(lists).map(([name, { text }]) => [name, text]));
}

/** Names are taken once; this one is of this visit. */
const visit = Math.floor(Math.random() * 1e6);

const colleague = {
  id: "colleague",
  title: { en: "Let a colleague in", zh: "添加同事" },
  about: {
    en: "Makes a user and a group, puts the one into the other, lets the group call models, and gives an access key.",
    zh: "创建用户和用户组，将用户加入用户组，授予调用模型的权限，并创建访问密钥。",
  },
  credential: "accessKey",
  fields: [
    { name: "name", label: { en: "Name", zh: "名称" }, value: `colleague-${visit}` },
    { name: "role", label: { en: "Permission", zh: "权限" }, value: "Tenant Administrator" },
  ],
  code({ name, role }, info, fault) {
    const options = fault ? `, ${javascript(withFault(fault))}` : "";
    return `const { iam } = client;
const { user } = await iam.createUser({ user: ${javascript({ name, domain_id: info.iam.domainId })} }${options});
const { group } = await iam.createGroup({ group: ${javascript({ name: `${name}-group` })} });
await iam.addUserToGroup({ group_id: group.id, user_id: user.id });
const { roles } = await iam.listPermissions(${javascript({ display_name: role })});
await iam.grantGroupRoleOnProject({ group_id: group.id, role_id: roles[0].id });
const { credential } = await iam.createAccessKey({ credential: { user_id: user.id } });
console.log(user.id, group.id, credential.access);`;
  },
  async run({ name, role }, { client: { iam }, info, options, view }) {
    const steps = element("ol", { class: "steps" });
    view.add(steps);
    const done = (text, id) =>
      steps.append(element("li", {}, element("span", { text }), id ? element("code", {}, ` ${id}`) : ""));
    const { user } = await iam.createUser({ user: { name, domain_id: info.iam.domainId } }, options());
    done({ en: "user made", zh: "已创建用户" }, user.id);
    const { group } = await iam.createGroup({ group: { name: `${name}-group` } });
    done({ en: "group made", zh: "已创建用户组" }, group.id);
    await iam.addUserToGroup({ group_id: group.id, user_id: user.id });
    done({ en: "user is in the group", zh: "用户已加入用户组" });
    const { roles } = await iam.listPermissions({ display_name: role });
    if (roles.length === 0) return view.add(note("There is no such permission.", "没有这个权限。"));
    await iam.grantGroupRoleOnProject({ group_id: group.id, role_id: roles[0].id });
    done({ en: "group may call models", zh: "用户组已获授权" }, roles[0].name);
    const { credential } = await iam.createAccessKey({ credential: { user_id: user.id } });
    done({ en: "access key given", zh: "已创建访问密钥" }, credential.access);
    // The secret is shown once, by whoever made the key, and not on a page.
    view.raw({ user, group, credential: { ...credential, secret: "***" } });
  },
};

const members = whole({
  id: "members",
  title: { en: "Members of a group", zh: "用户组成员" },
  about: { en: "Who is in a group; ids are in the list of groups.", zh: "查看用户组成员，ID 见用户组列表。" },
  credential: "accessKey",
  fields: [{ name: "group", label: { en: "Id of the group", zh: "用户组 ID" }, value: "demo-builders" }],
  method: "iam.listUsersOfGroup",
  given: ({ group }) => [{ group_id: group }],
  show: (view, { users }) => view.add(table(users, ["name", "id", "enabled"])),
});

export const iam = {
  id: "iam",
  title: { en: "IAM", zh: "IAM" },
  about: {
    en: "Users, groups, permissions, access keys and projects of an account.",
    zh: "账号下的用户、用户组、权限、访问密钥与项目。",
  },
  tries: [lists, colleague, members],
};
