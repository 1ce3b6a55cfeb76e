-- Asks tokenward whether a request may pass, and answers it when it may not.
-- HAProxy 2.5 or newer, without anything beside it.

local endpoint = "http://127.0.0.1:9443/forward-auth/haproxy/toyshop"
local timeout = 2000 -- milliseconds

-- What goes on to the endpoint: all that a client sent, but for what is about its
-- connection and what only we may say.
local kept_back = {
	["host"] = true, ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true,
	["upgrade"] = true, ["expect"] = true, ["te"] = true, ["trailer"] = true, ["keep-alive"] = true,
	["x-original-method"] = true, ["x-original-uri"] = true, ["x-forwarded-for"] = true,
}

local function is_ours(name)
	return name:lower():gsub("_", "-"):find("^tokenward%-") ~= nil
end

local function lines(values)
	local out = {}
	local i = 0
	while values ~= nil and values[i] ~= nil do -- HAProxy counts from 0 here
		out[#out + 1] = values[i]
		i = i + 1
	end
	return out
end

local function question(txn, sent)
	local h = {}
	for name, values in pairs(sent) do
		if not kept_back[name] and not is_ours(name) then
			h[name] = lines(values)
		end
	end
	h["x-original-method"] = { txn.f:method() }
	h["x-original-uri"] = { txn.f:pathq() }
	local hops = lines(sent["x-forwarded-for"])
	hops[#hops + 1] = txn.f:src()
	h["x-forwarded-for"] = { table.concat(hops, ", ") }
	return h
end

local function deny(txn, status, headers, body)
	local reply = txn:reply({ status = status, body = body })
	for name, values in pairs(headers) do
		if name ~= "content-length" and name ~= "connection" and name ~= "date" then
			for _, value in pairs(values) do
				reply:add_header(name, value)
			end
		end
	end
	txn:done(reply)
end

core.register_action("tokenward", { "http-req" }, function(txn)
	local sent = txn.http:req_get_headers()
	local res = core.httpclient():get({ url = endpoint, headers = question(txn, sent), timeout = timeout })
	if res == nil or res.status == nil or res.status == 0 then
		deny(txn, 503, { ["retry-after"] = { "1" } }, "The request could not be authorized now, try again\n")
		return
	end
	if res.status ~= 204 then
		local status = res.status
		if status < 400 then
			status = 503 -- nothing that the endpoint says
		end
		deny(txn, status, res.headers, res.body)
		return
	end
	for name in pairs(sent) do
		if is_ours(name) then
			txn.http:req_del_header(name)
		end
	end
	for _, name in ipairs({ "authorization", "x-auth-email", "x-auth-key" }) do
		txn.http:req_del_header(name)
	end
	for name, values in pairs(res.headers) do
		if is_ours(name) then
			for _, value in pairs(values) do
				txn.http:req_set_header(name, value)
			end
		end
	end
end)
